"""Places of things in frames, against frames whose places are known."""

import numpy as np
import pytest

from kgan.metrics import centroid_errors, gradient_sharpness


def frame(*places, side=16):
    """A frame with a square of 3 pixels around each of some places."""
    found = np.zeros((1, side, side, 1), np.uint8)
    for y, x in places:
        found[0, y - 1 : y + 2, x - 1 : x + 2] = 200
    return found


def test_errors_in_pixels():
    centres = np.array([[[4.0, 4.0], [11.0, 11.0]]])
    true = frame((4, 4), (11, 11))
    assert centroid_errors(true, true, centres).tolist() == [0.0, 0.0]
    moved = frame((4, 6), (10, 11))
    assert centroid_errors(moved, true, centres) == pytest.approx([2.0, 1.0])
    gone = frame((4, 4))
    assert centroid_errors(gone, true, centres) == pytest.approx([0.0, 8.0])


def test_things_that_meet_are_left_out():
    centres = np.array([[[4.0, 4.0], [4.0, 6.0]]])
    true = frame((4, 4), (4, 6))
    assert centroid_errors(true, true, centres).size == 0


def test_the_sharpness_of_mathieu_by_hand():
    wanted = np.zeros((1, 3, 3, 1), np.uint8)
    wanted[:, :, 2] = 100  # an edge of 100 in one of two columns
    flat = np.zeros_like(wanted)
    assert gradient_sharpness(flat, wanted) == pytest.approx(
        10 * np.log10(255**2 / 50), abs=1e-4
    )
    assert gradient_sharpness(wanted, wanted) == np.inf
    with pytest.raises(ValueError, match="no pairs"):
        gradient_sharpness(flat, wanted[:, :2])
