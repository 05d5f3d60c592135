"""Padding by reflection."""

import numpy as np

from kgan.networks.layers import Reflect


def test_reflection_leaves_out_the_edge():
    row = np.arange(4, dtype="float32").reshape(1, 1, 4, 1).repeat(4, 1)
    padded = np.asarray(Reflect(2)(row))
    assert padded.shape == (1, 8, 8, 1)
    np.testing.assert_array_equal(padded[0, 0, :, 0], [2, 1, 0, 1, 2, 3, 2, 1])
