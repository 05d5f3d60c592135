"""Which part of an image goes where, worked out by hand."""

import numpy as np
import pytest

from kgan.data.decoding import fitting
from kgan.data.decoding.fitting import Box
from kgan.sizes import Size


@pytest.mark.parametrize(
    ("source", "size", "fit", "taken", "filled"),
    [
        # An odd surplus leaves the extra column at the right.
        ((4, 9), (4, 4), "crop", (2, 0, 6, 4), (0, 0, 4, 4)),
        ((128, 256), (64, 64), "crop", (64, 0, 192, 128), (0, 0, 64, 64)),
        ((128, 256), (64, 128), "crop", (0, 0, 256, 128), (0, 0, 128, 64)),
        ((96, 128), (128, 96), "crop", (28, 0, 100, 96), (0, 0, 96, 128)),
        ((128, 256), (64, 64), "pad", (0, 0, 256, 128), (0, 16, 64, 48)),
        ((100, 10), (50, 50), "pad", (0, 0, 10, 100), (22, 0, 27, 50)),
        ((1000, 1), (50, 50), "pad", (0, 0, 1, 1000), (24, 0, 25, 50)),
        ((128, 256), (64, 64), "stretch", (0, 0, 256, 128), (0, 0, 64, 64)),
    ],
)
def test_boxes(source, size, fit, taken, filled):
    assert fitting.boxes(Size(*source), Size(*size), fit) == (taken, filled)


def test_bars_have_the_colour_of_the_border():
    pixels = np.full((2, 6, 3), (200, 30, 0), np.uint8)
    pixels[0, 0] = 255  # one pixel of a border of many
    made = fitting.barred(pixels, Box(0, 2, 6, 4), Size(6, 6))
    assert (made[[0, 1, 4, 5]] == (200, 30, 0)).all()
    np.testing.assert_array_equal(made[2:4], pixels)


def test_no_bars_around_what_fills_all():
    pixels = np.zeros((4, 5, 1), np.uint8)
    assert fitting.barred(pixels, Box(0, 0, 5, 4), Size(4, 5)) is pixels
