"""Critics whose gradients are known, and data that they are asked about."""

import tensorflow as tf

SLOPE = tf.constant([3.0, 4.0])  # of length 5
REAL = tf.constant([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
FAKE = tf.constant([[0.0, 3.0], [1.0, 0.0], [0.0, 0.0]])
SEED = tf.constant([0, 1])


def linear(x):
    return tf.reduce_sum(SLOPE * x, axis=-1)


def quadratic(x):
    """Half the squared length: the gradient at x is x itself."""
    return 0.5 * tf.reduce_sum(x * x, axis=-1)
