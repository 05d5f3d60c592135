"""Equal seeds, equal numbers: with XLA and without, on any number of replicas."""

import numpy as np
import pytest
import tensorflow as tf

from kgan import randomness
from kgan.networks.layers import Dropout

SEED = (3, 4)


def drawn(function, jit):
    return np.asarray(tf.function(function, jit_compile=jit, autograph=False)())


@pytest.mark.parametrize("shape", [(3,), (128, 62), (1000, 77)])
def test_xla_draws_the_same(shape):
    for function in (
        lambda: randomness.uniform(shape, SEED, -1.0, 1.0),
        lambda: randomness.integers(shape, SEED, 10),
        lambda: randomness.split(SEED, 3)[2],
        lambda: randomness.fold_in(SEED, 1),
    ):
        np.testing.assert_array_equal(drawn(function, False), drawn(function, True))
    # The inverse error function is a polynomial, and XLA sums in its own order.
    numbers = [drawn(lambda: randomness.normal(shape, SEED), jit) for jit in (0, 1)]
    np.testing.assert_allclose(*numbers, rtol=1e-4, atol=1e-5)


def test_uniform_fills_its_range_and_leaves_out_the_end():
    numbers = randomness.uniform((200_000,), SEED, -2.0, 3.0).numpy()
    assert -2.0 <= numbers.min() < -1.99
    assert 2.99 < numbers.max() < 3.0
    shares = np.histogram(numbers, bins=10, range=(-2, 3))[0] / len(numbers)
    np.testing.assert_allclose(shares, 0.1, atol=0.004)


def test_normal_has_the_normal_moments_and_no_infinity():
    numbers = randomness.normal((400_000,), SEED).numpy()
    assert np.isfinite(numbers).all()
    moments = [np.mean(numbers**k) for k in (1, 2, 3, 4)]
    np.testing.assert_allclose(moments, [0.0, 1.0, 0.0, 3.0], atol=0.05)
    assert 4.0 < numbers.max() < 6.0


def test_dropout_keeps_its_share_and_its_mean():
    layer = Dropout(0.3, seed=0)
    x = layer(tf.ones((1000, 100)), training=True).numpy()
    assert set(np.unique(x)) == {np.float32(0.0), np.float32(1.0 / 0.7)}
    assert abs(np.mean(x == 0.0) - 0.3) < 0.01
    again = layer(tf.ones((1000, 100)), training=True).numpy()
    assert not np.array_equal(x, again)
    np.testing.assert_array_equal(
        layer(tf.ones((2, 3)), training=False), np.ones((2, 3))
    )
