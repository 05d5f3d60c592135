"""Maxout."""

import numpy as np

from kgan.networks.layers import Maxout


def test_the_largest_of_each_group_of_neighbours():
    x = np.array([[1.0, 5.0, -2.0, -7.0], [0.0, 0.0, 3.0, 4.0]], "float32")
    np.testing.assert_array_equal(Maxout(2)(x), [[5.0, -2.0], [0.0, 4.0]])
    np.testing.assert_array_equal(Maxout(4)(x), [[5.0], [4.0]])
