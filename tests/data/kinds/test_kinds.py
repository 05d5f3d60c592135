"""Each kind of data: to a network and back, on a picture, in a file, and refused."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image as Pillow

from kgan.data.decoding.films import read_film
from kgan.data.decoding.midi import read_midi
from kgan.data.kinds import (
    KINDS,
    Bits,
    Frames,
    Image,
    Kind,
    Label,
    Points,
    Poses,
    Roll,
    Tokens,
    Vector,
)
from kgan.errors import UserError
from kgan.sizes import Size

EVERY_BYTE = np.arange(256, dtype=np.uint8)
STORED = {
    "image": EVERY_BYTE.reshape(4, 8, 8, 1),
    "label": np.arange(5, dtype=np.int32),
    "points": np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32),
    "vector": np.random.default_rng(1).normal(size=(9, 7)).astype(np.float32),
    "bits": np.random.default_rng(2).integers(0, 2, (9, 6), np.uint8),
    "tokens": np.random.default_rng(3).integers(0, 2, (9, 6), np.int32),
    "frames": EVERY_BYTE.reshape(2, 2, 8, 8, 1),
    "poses": np.random.default_rng(4).normal(size=(2, 5, 43)).astype(np.float32),
    "roll": np.arange(128, dtype=np.uint8).reshape(2, 64, 1),
}
# With names, and symbols, of their own: test_attributes.py and test_lines.py.
OF_THEIR_OWN = ("attributes", "lines")


def test_every_kind_is_known_by_its_name():
    names = [*STORED, *OF_THEIR_OWN]
    assert {name: kind.name for name, kind in KINDS.items()} == {n: n for n in names}
    assert KINDS["image"] == Image() != Points() and len({Image(), Image()}) == 1


@pytest.mark.parametrize("name", STORED)
@pytest.mark.parametrize("jit", [False, True], ids=["eager", "XLA"])
def test_there_and_back(name, jit):
    kind, stored = KINDS[name], STORED[name]

    def both(values):
        x = kind.to_network(values)
        return x, kind.from_network(x)

    x, back = (tf.function(both, jit_compile=True) if jit else both)(stored)
    np.testing.assert_array_equal(back, stored)
    assert np.asarray(back).dtype == stored.dtype
    wide = (kind.width,) if name == "roll" else ()
    assert tuple(x.shape) == stored.shape + wide
    kind.check("real", stored)
    if kind.bounded:
        assert x.dtype == "float32" and x.numpy().min() == -1 and x.numpy().max() == 1


def test_pixels_are_spread_evenly_and_the_ends_are_exact():
    to_network = Image().to_network
    x = to_network(EVERY_BYTE).numpy()
    assert x[0] == -1.0 and x[255] == 1.0
    np.testing.assert_allclose(np.diff(x), 1 / 127.5, rtol=1e-4)
    compiled = tf.function(to_network, jit_compile=True)(EVERY_BYTE)
    np.testing.assert_array_equal(compiled, x)


def test_pixels_that_were_changed_on_their_way_are_converted_alike():
    """A change of the pipeline leaves floats from 0 to 255."""
    as_floats = Image().to_network(EVERY_BYTE.astype(np.float32))
    np.testing.assert_array_equal(as_floats, Image().to_network(EVERY_BYTE))


def test_what_lies_outside_of_the_range_is_cut_off_and_the_rest_is_rounded():
    made = np.float32([-7, -1, -0.9999, 0, 1 / 255, 0.9999, 1, 7])
    wanted = [0, 0, 0, 128, 128, 255, 255, 255]
    assert Image().from_network(made).numpy().tolist() == wanted
    half = Image().from_network(made.astype(np.float16)).numpy()
    assert half.tolist() == wanted, "as a network of mixed precision returns it"


def test_bits_of_any_number():
    assert Bits().from_network(
        np.float32([-9, -0.1, 0.0, 0.1, 9])
    ).numpy().tolist() == [
        0,
        0,
        0,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("image", np.zeros((2, 8, 8, 1), np.float32), "image data are uint8 .*float32"),
        ("image", np.zeros((2, 8, 8), np.uint8), "with 3 dimensions each; got .* 2$"),
        ("image", np.zeros((2, 8, 8, 4), np.uint8), "1 or 3 channels; got 4"),
        ("label", np.zeros((2,), np.int64), "label data are int32 .*got int64"),
        ("label", np.zeros((2, 1), np.int32), "with 0 dimensions each; got int32 .* 1"),
        ("points", np.zeros((2, 2)), "points data are float32 .*got float64"),
        ("points", np.zeros((2,), np.float32), "with 1 dimensions each"),
        ("vector", np.zeros((2, 2, 2), np.float32), "with 1 dimensions each"),
        ("bits", np.zeros((2, 2), bool), "bits data are uint8 .*got bool"),
        ("tokens", np.zeros((2, 2), np.int64), "tokens data are int32 .*got int64"),
        ("tokens", np.full((2, 2), 2, np.int32), "from 0 to 1; got 2 to 2"),
        ("roll", np.zeros((2, 8, 2), np.uint8), "rolls of 1 voices; got 2"),
        (
            "roll",
            np.full((2, 8, 1), 128, np.uint8),
            "outside of its voices' .1 to 127.",
        ),
        (
            "frames",
            np.zeros((2, 8, 8, 3), np.uint8),
            "with 4 dimensions each; got .* 3$",
        ),
        ("frames", np.zeros((2, 3, 8, 8, 2), np.uint8), "1 or 3 channels; got 2"),
    ],
)
def test_what_is_not_of_a_kind_is_refused(name, array, words):
    with pytest.raises(UserError, match=f"^source: .*{words}"):
        KINDS[name].check("source", array)


def test_a_picture_of_pictures():
    pixels = np.zeros((5, 8, 8, 3), np.uint8)
    pixels[4] = 255
    wide = Image().picture(pixels, 7)  # cells of 40 pixels, and gaps of 2
    assert wide.shape == (2 + 42, 2 + 7 * 42, 3) and wide.dtype == np.uint8
    assert wide[20, 2 + 4 * 42 + 20].tolist() == [255] * 3
    large = Image().picture(pixels, 2)  # of 96: three rows of two
    assert large.shape == (2 + 3 * 98, 2 + 2 * 98, 3)


def test_clips_as_a_strip_and_in_motion():
    clips = np.zeros((3, 20, 8, 8, 1), np.uint8)
    clips[1, 19] = 255
    strip = Frames().picture(clips, 2)
    assert strip.shape == (2 + 3 * 42, 2 + 16 * 42, 1), "16 of the 20 frames"
    assert strip[2 + 42, -3] == 255 and strip[2, -3] == 0
    moving = Frames().animation(clips, 2)
    assert moving.shape == (20, 2 + 2 * 98, 2 + 2 * 98, 1)
    assert (moving == 255).sum(axis=(1, 2, 3)).tolist() == 19 * [0] + [96 * 96]
    assert Image().animation(clips[:, 0], 2) is None


def test_a_picture_of_points_shows_the_real_ones_below():
    points = np.float32([[0, 0], [1, 1]])
    alone = Points().picture(points, 1)
    beside = Points().picture(points, 1, 3 * points)
    assert alone.shape == beside.shape == (360, 360, 3)
    assert alone.dtype == np.uint8 and (alone != beside).any()
    grey = (beside == 191).all(-1).sum()  # "0.75"
    assert grey > 10 > (alone == 191).all(-1).sum()


@pytest.mark.parametrize("dimensions", [1, 3])
def test_a_picture_of_points_of_a_line_and_of_a_space(dimensions):
    points = np.linspace(-1, 1, 6 * dimensions, dtype=np.float32)
    assert Points().picture(points.reshape(6, dimensions), 1).shape == (360, 360, 3)
    assert Points().picture(np.zeros((6, dimensions)), 1).any(), "all in one place"


@pytest.mark.parametrize("kind", [Vector(), Bits(), Label(), Kind()])
def test_no_picture_of_what_cannot_be_seen(kind):
    assert kind.picture(np.zeros((4, 2)), 2) is None


@pytest.mark.parametrize("name", STORED)
def test_a_file_of_one_example(name, tmp_path):
    if name == "roll":
        pytest.importorskip("mido", reason="an extra")
    kind, value = KINDS[name], STORED[name][1]
    path = tmp_path / f"one{kind.suffix}"
    kind.write(path, value)
    if name == "image":
        with Pillow.open(path) as picture:
            np.testing.assert_array_equal(np.asarray(picture), value[..., 0])
    elif name == "frames":
        found = read_film(path, Size(8, 8)).frames
        np.testing.assert_array_equal(found[..., :1], value)
    elif name == "roll":
        np.testing.assert_array_equal(read_midi(path, 1), value)
        assert path.with_suffix(".wav").stat().st_size > 16_000
    elif name == "tokens":
        assert path.read_text() == kind.decode(value[None])[0] + "\n"
    else:
        np.testing.assert_array_equal(np.load(path), value)


def test_words_for_one_example():
    assert Image().describe((28, 28, 1)) == "images 28x28x1"
    assert Points().describe((2,)) == "points of 2 coordinates"
    assert Vector().describe((7,)) == "vectors of 7 numbers"
    assert Bits().describe((6,)) == "rows of 6 bits"
    assert Label().describe(()) == "label"
    assert Roll((40, 30), 9).describe((16, 2)) == "rolls of 16 steps, 2 voices"
    assert Poses().describe((9, 43)) == "motions of 9 poses of 43 numbers"
    assert Frames().describe((4, 8, 9, 3)) == "clips of 4 frames 8x9x3"
    assert Tokens(("a", "b")).describe((7,)) == "captions of up to 7 words out of 2"
