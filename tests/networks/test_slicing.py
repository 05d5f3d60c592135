"""A sliced D: what its two outputs are, and which gradients they have."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import cgan, gan
from kgan.errors import UserError
from kgan.models import GAN
from kgan.networks import dcgan, mlp, r3gan
from kgan.networks.layers import SlicedDense
from kgan.networks.slicing import sliced
from kgan.objectives import Hinge
from tests import specs

H = np.float32([[1.0, 2.0], [0.0, -1.0]])


def layer():
    made = SlicedDense()
    made.build((None, 2))
    made.kernel.assign([[3.0], [4.0]])  # of length 5
    made.scale.assign([2.0])
    made.bias.assign([0.5])
    return made


def test_by_hand():
    """w = (.6, .8): s h.w + b = 2 * 2.2 + .5, and 2 * -.8 + .5."""
    score, direction = layer()(H)
    np.testing.assert_allclose(score[:, 0], [4.9, -1.1], rtol=1e-6)
    np.testing.assert_allclose(direction[:, 0], [4.4, -1.6], rtol=1e-6)


@pytest.mark.parametrize(("output", "moved"), [(0, {"scale", "bias"}), (1, {"kernel"})])
def test_each_output_has_gradients_of_its_own(output, moved):
    made, h = layer(), tf.constant(H)
    weights = made.trainable_variables
    with tf.GradientTape() as tape:
        tape.watch(h)
        loss = tf.reduce_sum(made(h)[output])
    found = tape.gradient(loss, [h, *(w.value for w in weights)])
    names = {w.name for w, g in zip(weights, found[1:], strict=True) if g is not None}
    assert names == moved
    assert (found[0] is not None) == (output == 0)


@pytest.mark.parametrize(
    "made",
    [
        lambda: mlp.discriminator((8, 8, 1), width=4),
        lambda: dcgan.discriminator(
            (8, 8, 1), width=4, spectral=True, heads={"code": 2}
        ),
        lambda: r3gan.discriminator((8, 8, 1), width=4),
    ],
    ids=["mlp", "dcgan", "r3gan"],
)
def test_any_d_with_a_linear_last_layer(made):
    network = made()
    found = sliced(network)
    heads = {"code"} if isinstance(network.output, dict) else set()
    assert set(found.output) == {"score", "direction", *heads}
    assert not [layer for layer in found.layers if layer.name == "score"]
    answers = found(np.zeros((3, 8, 8, 1), "float32"))
    assert answers["score"].shape == answers["direction"].shape == (3,)


def test_a_game_adds_the_direction_of_fakes_and_takes_away_that_of_real_data():
    keras.utils.set_random_seed(0)
    network = sliced(dcgan.discriminator((8, 8, 1), width=4, norm="none"))
    game = GAN(dcgan.generator(4, (8, 8, 1), width=4), network, objective=Hinge())
    game.compile(max_optimizer="adam", min_optimizer="adam")
    real = tf.random.stateless_uniform((4, 8, 8, 1), (0, 1), -1, 1)
    played = game.forward({"real": real})
    terms = game.max_terms(played)
    expected = network(played.fake)["direction"] - network(real)["direction"]
    np.testing.assert_allclose(terms["direction"], expected, rtol=1e-4, atol=1e-6)
    assert "direction" not in game.min_terms(played)
    logs = game.train_step(real)
    assert np.isfinite(float(logs["D/direction"]))


def test_with_labels_it_is_refused():
    spec = specs.images((8, 8, 1), ("a", "b"))
    build = {"width": 2, "batch_size": 4, "san": True}
    assert "direction" in gan.build(gan.Config(**build), spec).discriminator.output
    with pytest.raises(UserError, match="san: D's score comes from a Add.*labels"):
        cgan.build(cgan.Config(**build), spec)
