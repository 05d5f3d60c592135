"""R3GAN's first and last feature map."""

import numpy as np
import pytest

from kgan.networks.layers import DiscriminativeBasis, GenerativeBasis


def test_each_number_becomes_a_multiple_of_its_map():
    layer = GenerativeBasis(2, 3)
    y = np.asarray(layer(np.float32([[1, 10], [0, -2]])))
    basis = np.asarray(layer.basis)
    assert y.shape == (2, 2, 3, 2)
    np.testing.assert_allclose(y[0, ..., 1], 10 * basis[..., 1], rtol=1e-6)
    np.testing.assert_allclose(y[1, ..., 1], -2 * basis[..., 1], rtol=1e-6)
    assert not np.any(y[1, ..., 0])


def test_each_channel_is_summed_with_its_own_weights():
    layer = DiscriminativeBasis()
    layer.build((None, 2, 2, 2))
    layer.basis.assign(np.arange(8).reshape(2, 2, 2))
    x = np.ones((1, 2, 2, 2), "float32")
    np.testing.assert_allclose(layer(x), [[0 + 2 + 4 + 6, 1 + 3 + 5 + 7]])


def test_their_start():
    """N(0, 1) maps in G; in D a depthwise kernel of variance 1 / (height * width)."""
    maps, sums = GenerativeBasis(8, 8), DiscriminativeBasis()
    maps.build((None, 64))
    sums.build((None, 8, 8, 64))
    assert np.std(maps.basis) == pytest.approx(1.0, rel=0.05)
    assert np.std(sums.basis) == pytest.approx(1 / 8, rel=0.05)
