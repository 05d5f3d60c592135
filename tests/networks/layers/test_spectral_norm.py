"""A layer whose largest singular value is one."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.networks import dcgan, mlp
from kgan.networks.layers import SpectralNorm

RANDOM = np.random.default_rng(0)


def wrapped_dense(calls=30):
    """A layer whose kernel has singular values that the power iteration can part."""
    layer = SpectralNorm(layers.Dense(5, use_bias=False))
    layer.build((None, 7))
    left, _ = np.linalg.qr(RANDOM.normal(size=(7, 5)))
    right, _ = np.linalg.qr(RANDOM.normal(size=(5, 5)))
    layer.layer.kernel.assign(left * (3.0, 2.0, 1.0, 0.5, 0.1) @ right)
    x = RANDOM.normal(size=(4, 7)).astype("float32")
    for _ in range(calls):
        layer(x, training=True)
    return layer, x


def test_dense_has_norm_one():
    layer, _ = wrapped_dense()
    effective = layer(np.eye(7, dtype="float32")).numpy() - layer.bias.numpy()
    assert np.linalg.norm(effective, 2) == pytest.approx(1.0, abs=1e-3)
    sigma = np.linalg.norm(layer.layer.kernel.numpy(), 2)
    np.testing.assert_allclose(effective, layer.layer.kernel / sigma, atol=1e-3)


def test_convolution_is_divided_by_the_norm_of_its_flat_kernel():
    """Miyato 2018, section 2.1: the kernel as a matrix, inputs by outputs."""
    layer = SpectralNorm(layers.Conv2D(6, 4, strides=2, padding="same", use_bias=False))
    x = RANDOM.normal(size=(2, 8, 8, 3)).astype("float32")
    for _ in range(50):
        layer(x, training=True)
    sigma = np.linalg.norm(layer.layer.kernel.numpy().reshape(-1, 6), 2)
    expected = layer.layer(x).numpy() / sigma
    np.testing.assert_allclose(layer(x), expected, rtol=1e-2, atol=1e-4)


def test_calls_leave_the_kernel_alone():
    """Keras' own layer does not: there D would change whenever G moves."""
    layer, x = wrapped_dense(calls=1)
    before = layer.layer.kernel.numpy()
    u = layer.u.numpy()
    layer(x, training=False)
    np.testing.assert_array_equal(layer.u, u)
    layer(x, training=True)
    assert not np.array_equal(layer.u, u)
    np.testing.assert_array_equal(layer.layer.kernel, before)


def test_gradient_flows_through_sigma():
    """W x / sigma(W) has degree 0 in W: its slope along W itself is 0."""
    layer, x = wrapped_dense()
    kernel = layer.layer.kernel.value
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layer(x) ** 2)
    slope = tape.gradient(value, kernel)
    assert float(tf.norm(slope)) > 0.1
    along = tf.reduce_sum(slope * kernel) / (tf.norm(slope) * tf.norm(kernel))
    assert abs(float(along)) < 1e-2


def test_bias_is_behind_the_division():
    layer, x = wrapped_dense()
    plain = layer(x).numpy()
    layer.bias.assign([1.0] * 5)
    np.testing.assert_allclose(layer(x), plain + 1.0, atol=1e-6)


@pytest.mark.parametrize("network", [mlp, dcgan])
def test_all_of_d_is_wrapped(network):
    discriminator = network.discriminator((8, 8, 1), width=4, spectral=True)
    plain = [
        x for x in discriminator.layers if isinstance(x, (layers.Dense, layers.Conv2D))
    ]
    wrapped = [x for x in discriminator.layers if isinstance(x, SpectralNorm)]
    assert not plain and len(wrapped) == (4 if network is mlp else 3)
    # The score is no more than 1-Lipschitz in its own input, once settled.
    twin = keras.models.clone_model(discriminator)
    assert twin.count_params() == discriminator.count_params()


def test_saves(tmp_path):
    model = keras.Sequential([keras.Input((7,)), wrapped_dense()[0]])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = RANDOM.normal(size=(4, 7)).astype("float32")
    np.testing.assert_array_equal(model(x), loaded(x))
