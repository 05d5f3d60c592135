"""The table of clips from noise: its scores of clips that are known."""

import numpy as np

from kgan.experiments.papers import video


class Reads:
    """Reads the digit of a frame off its first pixel."""

    def predict(self, images):
        return images[:, 0, 0, 0].astype(int)


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
    assert len(set(labels[:16])) == 1, "a clip has one digit"
    clips = video._real(2)
    first, second = clips[: video.MOTIONS], clips[video.MOTIONS :]
    light = clips.astype(float).sum(axis=(2, 3, 4))
    # A digit that moves keeps its light, whatever its motion.
    assert np.ptp(light[: video.MOTIONS]) < 0.02 * light[0, 0]
    assert (first[0] != first[1]).any() and (first != second).any()
