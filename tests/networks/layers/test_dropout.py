"""Dropout."""

import numpy as np

from kgan.networks.layers import Dropout


def test_what_is_kept_is_scaled_so_that_the_mean_stays():
    x = np.ones((100, 100), "float32")
    y = np.asarray(Dropout(0.3, seed=1)(x, training=True))
    kept = np.float32(1 / 0.7)
    assert set(np.unique(y)) == {0.0, kept}
    assert abs((y == 0).mean() - 0.3) < 0.02


def test_inference_and_a_rate_of_zero_change_nothing():
    x = np.ones((3, 4), "float32")
    np.testing.assert_array_equal(Dropout(0.3)(x), x)
    np.testing.assert_array_equal(Dropout(0.0)(x, training=True), x)
