"""The norms that are one operation, beside Keras' own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.networks.layers import BatchNorm, normalise


def numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(1.0, 3.0, shape).astype("float32")


def played(layer, x, known=True, jit=False):
    """y, its gradient, and the gradient of that, as a penalty asks for it."""
    ahead = numbers(x.shape, seed=1)
    spec = tf.TensorSpec(x.shape if known else (None, *x.shape[1:]))

    @tf.function(input_signature=[spec], jit_compile=jit)
    def play(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x, training=True)
            slope = tape.gradient(y, x, ahead)
            steep = tf.reduce_sum(slope**2)
        return y, slope, outer.gradient(steep, x)

    return play(x)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("shape", [(6, 4, 8, 3), (7, 5)])
def test_batch_norm_is_keras_own(shape, jit):
    found = []
    for kind in BatchNorm, keras.layers.BatchNormalization:
        layer = kind(momentum=0.9, epsilon=1e-5)
        layer.build(shape)
        layer.gamma.assign(1.5 * layer.gamma)
        layer.beta.assign(layer.beta + 0.3)
        x = numbers(shape)
        given = played(layer, x, known=False, jit=jit)
        found.append([*given, *layer.get_weights(), layer(x), layer(x, training=False)])
    assert np.abs(found[0][-3]).max() > 1.5  # the moving variance has moved
    for mine, expected in zip(*found, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-5)


def test_batch_norm_that_is_not_trained_keeps_its_statistics():
    layer = BatchNorm()
    layer.build((4, 3))
    layer.trainable = False
    x = numbers((4, 3))
    np.testing.assert_allclose(layer(x, training=True), layer(x), rtol=1e-6)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("count", [1, 3])
def test_instance_norm_is_of_one_channel_of_one_image(count, known):
    """As Keras' group norm with a group per channel."""
    x = numbers((count, 8, 4, 3))
    source = keras.Input((8, 4, 3))
    norm = keras.Model(source, normalise(source, "instance"))
    peer = keras.layers.GroupNormalization(-1, epsilon=1e-5, center=False, scale=False)
    peer.build(x.shape)
    both = played(norm, x, known), played(lambda x, training: peer(x), x, known)
    for mine, expected in zip(*both, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-5)
    mean, spread = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
    expected = (x - mean) / np.sqrt(spread + 1e-5)
    np.testing.assert_allclose(norm(x), expected, atol=1e-5)
    assert not norm.weights
