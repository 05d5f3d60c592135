"""First and second gradients of a layer, for comparisons with Keras' own."""

import numpy as np
import tensorflow as tf


def numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(1.0, 3.0, shape).astype("float32")


def with_gradients(layer, x, known=True, jit=False):
    """y, its gradient, and the gradient of that, as a penalty asks for it."""
    ahead = numbers(x.shape, seed=1)
    spec = tf.TensorSpec(x.shape if known else (None, *x.shape[1:]))

    @tf.function(input_signature=[spec], jit_compile=jit)
    def run(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x, training=True)
            slope = tape.gradient(y, x, ahead)
            steep = tf.reduce_sum(slope**2)
        return y, slope, outer.gradient(steep, x)

    return run(x)
