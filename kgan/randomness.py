"""Random numbers that depend on the seed alone.

TensorFlow's stateless generators choose their algorithm by device, and XLA makes
other floats of the same random bits. Here the bits always come from Philox, and this
module makes the floats. Equal seeds, int32 (2,), give equal numbers with XLA and
without, and, to the rows of a batch, with one replica of a strategy and with several.
"""

from typing import Any

import tensorflow as tf

from kgan.replicas import own_share
from kgan.typing import Dimensions, Number, Seed, Tensor

ALGORITHM = "philox"
ONE = 0x3F800000  # the bits of 1.0
MANTISSA = 0x007FFFFF
# The stubs of TensorFlow know neither the module nor all seeds that it takes.
RANDOM: Any = tf.random

STEP = 2.0**-23  # between two values of `uniform`


def uniform(
    shape: Dimensions,
    seed: Seed,
    low: Number = 0.0,
    high: Number = 1.0,
    *,
    alike: bool = False,
) -> Tensor:
    """Draws float32 numbers from U[low, high).

    Args:
        shape: of the numbers.
        seed: int32 (2,).
        low: the least.
        high: above the largest.
        alike: draw the same on every replica, and not a share of one batch.
    """

    def draw(shape):
        return _integers(shape, seed, None, None)

    bits = draw(shape) if alike else own_share(draw, shape)
    between_1_and_2 = tf.bitwise.bitwise_or(tf.bitwise.bitwise_and(bits, MANTISSA), ONE)
    return (tf.bitcast(between_1_and_2, tf.float32) - 1.0) * (high - low) + low


def normal(shape: Dimensions, seed: Seed, mass: Number = 1.0) -> Tensor:
    """Draws float32 numbers from N(0, 1), truncated symmetrically.

    Args:
        shape: of the numbers.
        seed: int32 (2,).
        mass: probability, under N(0, 1), of the interval around 0 that is kept; 1 keeps
            everything.
    """
    middle = (
        uniform(shape, seed) + STEP / 2
    )  # never 0 or 1, whose quantiles are infinite
    return tf.math.erfinv((2.0 * middle - 1.0) * mass) * 2.0**0.5


def integers(shape: Dimensions, seed: Seed, high: int) -> Tensor:
    """Draws int32 numbers from 0..high - 1, each as likely."""
    return own_share(lambda s: _integers(s, seed, 0, high), shape)


def split(seed: Seed, count: int) -> list[Tensor]:
    """Returns a list of `count` independent seeds made from one."""
    return tf.unstack(RANDOM.experimental.stateless_split(seed, count, alg=ALGORITHM))


def fold_in(seed: Seed, number: int | Tensor) -> Tensor:
    """Returns a new seed made from `seed` and `number`, different for each number."""
    return RANDOM.experimental.stateless_fold_in(seed, number, alg=ALGORITHM)


def _integers(shape, seed, low, high):
    return RANDOM.stateless_uniform(shape, seed, low, high, tf.int32, alg=ALGORITHM)
