"""The table of clips from noise: its scores of clips that are known."""

import numpy as np

from kgan.experiments.papers import video


class Reads:
    """Reads the digit of a frame off its brightest pixel."""

    def predict(self, images):
        return images.max(axis=(1, 2, 3)).astype(int)


def test_what_is_kept():
    clips = np.zeros((2 * video.MOTIONS, 4, 8, 8, 1), np.uint8)
    clips[video.MOTIONS :, :, 0, 0] = 3  # the second content is a 3
    clips[0, 3, 0, 0] = 7  # but for a frame of the first one
    found = video.scores(clips, Reads(), 2)
    frames = 4 * video.MOTIONS
    assert found["kept in a clip"] == 1 - 1 / (2 * frames)
    assert found["kept in all motions"] == 1 - 1 / (2 * frames)
    assert found["digits"] == 3 and found.keys() == video.TABLE.columns.keys()


def test_labelled_frames_and_real_clips():
    pixels, labels = video.frames("test", 40)
    assert pixels.shape == (40, 32, 32, 1) and labels.shape == (40,)
    assert len(set(labels[:16])) > 4, "each frame has a digit of its own"
    clips = video._real(2)
    first, second = clips[: video.MOTIONS], clips[video.MOTIONS :]
    light = clips.astype(float).sum(axis=(2, 3, 4))
    # A digit that moves keeps its light, whatever its motion.
    assert np.ptp(light[: video.MOTIONS]) < 0.02 * light[0, 0]
    assert (first[0] != first[1]).any() and (first != second).any()


def test_centred_frames_show_the_same_wherever_it_lies():
    frames = np.zeros((4, 9, 9, 1), np.uint8)
    frames[0, 3:6, 4], frames[1, 1:4, 7], frames[2, 6:, 0] = 200, 200, 200
    found = video.centred(frames)
    np.testing.assert_array_equal(found[:3], frames[[0, 0, 0]])
    assert not found[3].any(), "black stays black"
