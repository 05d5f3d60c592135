"""G's notes hold for some steps; D hears intervals in every key."""

import keras
import numpy as np
import pytest

from kgan.networks import rolls

SHAPE = (16, 2, 20)


@pytest.mark.parametrize("silenced, held", [(0, 1), (1, 2), (2, 4), (3, 8)])
def test_coarse_logits_hold(silenced, held):
    """Without the finest logits each pitch holds for twice as long."""
    keras.utils.set_random_seed(0)
    network = rolls.generator(6, SHAPE, width=4)
    options = SHAPE[1] * SHAPE[2]
    heads = [
        layer
        for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D) and layer.filters == options
    ]
    assert len(heads) == rolls.HALVINGS + 1
    for head in heads[len(heads) - silenced :]:
        head.set_weights([np.zeros_like(w) for w in head.get_weights()])
    z = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    made = np.asarray(network({"z": z}, training=False))
    assert made.shape == (3, *SHAPE)
    parts = made.reshape(3, SHAPE[0] // held, held, *SHAPE[1:])
    np.testing.assert_allclose(parts, parts[:, :, :1].repeat(held, 2), atol=1e-6)
    assert np.abs(np.diff(parts[:, :, 0], axis=1)).max(axis=(2, 3)).min() > 0


def test_the_first_layer_of_d_sees_intervals():
    """Two voices: two one-hot pitches and their changes, 24 of intervals, a distance."""
    network = rolls.discriminator(SHAPE, width=4)
    first = next(x for x in network.layers if isinstance(x, keras.layers.Conv2D))
    assert first.input.shape[-1] == 40 + 24 + 1 + 40
