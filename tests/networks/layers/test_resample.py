"""Resampling by two: by hand, and what it keeps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.networks.layers import Resample


def row(*values):
    """A picture whose rows are all the same."""
    return np.float32(values).reshape(1, 1, -1, 1).repeat(len(values), 1)


def test_doubled_by_hand():
    """1 and 5: a quarter of the neighbour, and the border repeated."""
    y = np.asarray(Resample(up=True)(row(1, 5)))
    assert y.shape == (1, 4, 4, 1)
    np.testing.assert_allclose(y[0, 0, :, 0], [1, 2, 4, 5])


def test_halved_by_hand():
    """(0 + 3 * 0 + 3 * 8 + 16) / 8, and (8 + 3 * 16 + 3 * 24 + 24) / 8."""
    y = np.asarray(Resample(up=False)(row(0, 8, 16, 24)))
    assert y.shape == (1, 2, 2, 1)
    np.testing.assert_allclose(y[0, 0, :, 0], [5, 19])


def test_doubling_is_bilinear():
    x = np.random.default_rng(0).normal(size=(2, 5, 7, 3)).astype("float32")
    expected = tf.image.resize(x, (10, 14))
    np.testing.assert_allclose(Resample(up=True)(x), expected, atol=1e-6)


@pytest.mark.parametrize("up", [True, False])
def test_a_constant_image_stays_constant(up):
    y = np.asarray(Resample(up=up)(np.full((1, 6, 4, 2), 3.7, "float32")))
    assert y.shape == ((1, 12, 8, 2) if up else (1, 3, 2, 2))
    np.testing.assert_allclose(y, 3.7, rtol=1e-6)


@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize("side", [2, 6, 28])
def test_kernels_sum_to_one(up, side):
    matrix = Resample(up=up).matrix(side)
    np.testing.assert_array_equal(matrix.sum(1), 1.0)
    assert matrix.shape == ((2 * side if up else side // 2), side)


def test_its_shape_is_known_before_it_runs():
    x = keras.Input((6, 4, 2))
    assert Resample(up=True)(x).shape == (None, 12, 8, 2)
    assert Resample(up=False)(x).shape == (None, 3, 2, 2)
