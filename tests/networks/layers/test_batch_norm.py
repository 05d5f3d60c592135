"""Batch norm as one operation is Keras' batch norm."""

import keras
import numpy as np
import pytest

from kgan import moving_statistics
from kgan.networks.layers import BatchNorm
from tests.networks.layers.gradients import numbers, with_gradients


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
        given = with_gradients(layer, x, known=False, jit=jit)
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


def test_statistics_can_be_kept():
    layer = BatchNorm()
    layer.build((4, 3))
    with moving_statistics.kept():
        kept = layer(numbers((4, 3)), training=True)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))
    np.testing.assert_array_equal(layer(numbers((4, 3)), training=True), kept)
    assert np.abs(layer.moving_mean).min() > 0
