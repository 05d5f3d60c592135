"""Feature maps that lie at another place, and have another size, in each frame."""

import numpy as np
import pytest

from kgan.networks.layers import Placed

MAPS = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype(np.float32)


def placed(*places, maps=MAPS):
    given = np.broadcast_to(np.array(places, np.float32), (2, len(places), 4))
    return np.asarray(Placed()([maps, given]))


def test_nothing_changes_without_a_move():
    found = placed([0, 0, 0, 0], [0, 0, 0, 0])
    np.testing.assert_array_equal(found, np.stack([MAPS, MAPS], 1))


def test_it_moves_down_and_to_the_right_and_goes_on_with_its_border():
    down, right = placed([0.4, 0, 0, 0], [0, 0.25, 0, 0]).swapaxes(0, 1)
    np.testing.assert_allclose(down[:, 2:], MAPS[:, :3], atol=1e-6)
    np.testing.assert_allclose(down[:, 0], MAPS[:, 0], atol=1e-6)
    np.testing.assert_allclose(right[:, :, 1:], MAPS[:, :, :3], atol=1e-6)


def test_it_reads_between_two_rows():
    (found,) = placed([-0.1, 0, 0, 0]).swapaxes(0, 1)
    between = (MAPS[:, 1:] + MAPS[:, :-1]) / 2
    np.testing.assert_allclose(found[:, :-1], between, atol=1e-6)


@pytest.mark.parametrize(("smaller", "times"), [(1, np.exp(0.5)), (-1, np.exp(-0.5))])
def test_its_size_changes_about_the_middle(smaller, times):
    row = np.arange(4, dtype=np.float32)
    maps = np.broadcast_to(row[:, None], (2, 5, 4, 1))
    (found,) = placed([0, 0, 0, smaller], maps=maps).swapaxes(0, 1)
    expected = np.clip((row - 1.5) * times + 1.5, 0, 3)
    np.testing.assert_allclose(found[0, 0, :, 0], expected, atol=1e-5)
