"""Random numbers that depend on the seed alone.

TensorFlow's stateless generators choose their algorithm by device, and XLA
makes other floats of the same random bits. Here the bits are always Philox's
and the floats are made of them here: equal seeds, int32 (2,), give equal
numbers with XLA and without.
"""

import tensorflow as tf

ALGORITHM = "philox"
ONE = 0x3F800000  # the bits of 1.0
MANTISSA = 0x007FFFFF
STEP = 2.0**-23  # between two values of `uniform`


def uniform(shape, seed, low=0.0, high=1.0):
    """U[low, high), float32."""
    bits = tf.random.stateless_uniform(shape, seed, None, None, tf.int32, alg=ALGORITHM)
    between_1_and_2 = tf.bitwise.bitwise_or(tf.bitwise.bitwise_and(bits, MANTISSA), ONE)
    return (tf.bitcast(between_1_and_2, tf.float32) - 1.0) * (high - low) + low


def normal(shape, seed, mass=1.0):
    """N(0, 1), float32, from the middle that holds `mass` of the probability."""
    middle = (
        uniform(shape, seed) + STEP / 2
    )  # never 0 or 1, whose quantiles are infinite
    return tf.math.erfinv((2.0 * middle - 1.0) * mass) * 2.0**0.5


def integers(shape, seed, high):
    """0..high - 1, each as likely, int32."""
    return tf.random.stateless_uniform(shape, seed, 0, high, tf.int32, alg=ALGORITHM)


def split(seed, count):
    """A list of `count` seeds that have nothing to do with each other."""
    return tf.unstack(
        tf.random.experimental.stateless_split(seed, count, alg=ALGORITHM)
    )


def fold_in(seed, number):
    """The seed of the `number`-th of several users of `seed`."""
    return tf.random.experimental.stateless_fold_in(seed, number, alg=ALGORITHM)


def of_replica(seed):
    """`seed` made another one on every replica, which would else draw the same."""
    replica = tf.distribute.get_replica_context().replica_id_in_sync_group
    return fold_in(tf.cast(seed, "int32"), replica)
