"""A grouped convolution is a convolution of each group, whatever computes it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.networks.layers import GroupedConv2D
from kgan.networks.layers import grouped_conv as module
from tests.networks.layers.gradients import numbers, with_gradients


def built(groups=3, filters=9, channels=9, **given):
    layer = GroupedConv2D(filters, 3, groups, bias_initializer="ones", **given)
    layer.build((None, 5, 4, channels))
    return layer


def of_each_group(layer):
    """The definition: a plain convolution for each group, joined."""

    def call(x, training):
        parts = tf.split(x, layer.groups, axis=-1)
        kernels = tf.split(tf.convert_to_tensor(layer.kernel), layer.groups, axis=-1)
        pairs = zip(parts, kernels, strict=True)
        return tf.concat([tf.nn.conv2d(p, k, 1, "SAME") for p, k in pairs], -1) + 1.0

    return call


def squared(call):
    """A function that is not linear, so that its gradient has a gradient."""
    return lambda x, training: call(x, training=training) ** 2


@pytest.mark.parametrize("way", ["native", "blocks", "xla"])
def test_it_is_a_convolution_of_each_group(way):
    layer = built()
    assert layer.native  # in float32, with oneDNN
    layer.native = way != "blocks"
    x = numbers((2, 5, 4, 9))
    found = with_gradients(squared(layer), x, known=way != "native", jit=way == "xla")
    expected = with_gradients(squared(of_each_group(layer)), x)
    for one, other in zip(found, expected, strict=True):
        size = np.abs(other).max()
        np.testing.assert_allclose(one / size, other / size, atol=1e-5)


@pytest.mark.parametrize("way", [True, False])
def test_the_gradient_of_the_kernel_is_that_of_each_group(way):
    layer = built()
    layer.native = way
    x, kernel = numbers((2, 5, 4, 9)), layer.kernel.value
    found = []
    for call in layer, of_each_group(layer):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(call(x, training=True) ** 2)
        found.append(tape.gradient(loss, kernel))
    np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-5 * np.abs(found[1]).max())


@pytest.mark.parametrize("dtype", ["float16", "float64", "bfloat16"])
def test_every_precision_has_gradients(dtype):
    layer = built(dtype=dtype)
    assert layer.native == (dtype == "bfloat16")
    x = tf.ones((2, 5, 4, 9), dtype)
    with tf.GradientTape() as tape:
        y = layer(x)
        loss = tf.reduce_sum(tf.cast(y, "float32"))
    assert y.dtype == dtype and y.shape == (2, 5, 4, 9)
    assert np.any(tf.cast(tape.gradient(loss, layer.kernel.value), "float32"))


def test_where_tensorflow_has_no_gradients_the_blocks_are_used(monkeypatch):
    """As with TF_ENABLE_ONEDNN_OPTS=0, which is read once, when TensorFlow starts."""

    def refuse(**given):
        raise tf.errors.InvalidArgumentError(None, None, "not supported on CPU")

    module._has_gradients.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(tf.raw_ops, "Conv2DBackpropFilter", refuse)
        layer = built()
    module._has_gradients.cache_clear()
    assert not layer.native


def test_groups_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="4 groups do not divide 6 filters"):
        GroupedConv2D(6, 3, 4)
    with pytest.raises(ValueError, match="3 groups do not divide 8 channels"):
        built(channels=8)


def test_it_is_saved(tmp_path):
    model = keras.Sequential([keras.Input((5, 4, 9)), built()])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = numbers((2, 5, 4, 9))
    np.testing.assert_array_equal(model(x), loaded(x))
