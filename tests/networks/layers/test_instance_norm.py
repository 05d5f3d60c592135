"""Instance norm as one operation is Keras' group norm with a group per channel."""

import keras
import numpy as np
import pytest

from kgan.networks.blocks import normalise
from tests.networks.layers.gradients import numbers, with_gradients


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("count", [1, 3])
def test_instance_norm_is_of_one_channel_of_one_image(count, known):
    x = numbers((count, 8, 4, 3))
    source = keras.Input((8, 4, 3))
    norm = keras.Model(source, normalise(source, "instance"))
    peer = keras.layers.GroupNormalization(-1, epsilon=1e-5, center=False, scale=False)
    peer.build(x.shape)
    both = (
        with_gradients(norm, x, known),
        with_gradients(lambda x, training: peer(x), x, known),
    )
    for mine, expected in zip(*both, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-5)
    mean, spread = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
    expected = (x - mean) / np.sqrt(spread + 1e-5)
    np.testing.assert_allclose(norm(x), expected, atol=1e-5)
    assert not norm.weights
