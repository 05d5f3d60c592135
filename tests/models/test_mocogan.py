"""MoCoGAN: one content in all frames of a clip, and motions of its own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import mocogan
from kgan.errors import UserError
from kgan.networks import mocogan as networks
from kgan.networks.layers import Placed
from tests import specs

SPEC = specs.clips((4, 8, 8, 1))
SMALL = {"width": 2, "latent": 5, "motion": 3, "frames": 4, "batch_size": 2}


@pytest.fixture(scope="module", params=["placed", "codes"])
def game(request):
    made = mocogan.build(mocogan.Config(**SMALL, network=request.param), SPEC)
    made.fields = dict(SPEC.fields)
    return made


def test_a_content_with_several_motions(game):
    clips = game.variations(3, (0, 1), contents=2)
    assert clips.shape == (6, 4, 8, 8, 1) and clips.dtype == "uint8"
    latent = game.latents(6, (0, 1))
    assert latent["z"].shape == (6, 5) and latent["motion"].shape == (6, 4, 3)
    still = {"z": tf.repeat(latent["z"][:1], 2, 0), "motion": latent["motion"][:2]}
    one, other = game.sampler(still)
    assert np.abs(one - other).max() > 1e-6, "motion changes a clip"


def test_a_frame_knows_the_noise_before_it_alone(game):
    latent = game.latents(1, (0, 3))
    first = game.sampler(latent)
    later = latent["motion"] + tf.reshape([0.0, 0.0, 1.0, 0.0], (1, 4, 1))
    second = game.sampler(latent | {"motion": later})
    moved = np.abs(first - second).max(axis=(0, 2, 3, 4))
    assert moved[0] == moved[1] == 0.0 and (moved[2:] > 0).all()


def test_no_clip_begins_as_another(game):
    latent = game.latents(2, (0, 4))
    content = tf.repeat(latent["z"][:1], 2, 0)
    one, other = game.sampler(latent | {"z": content})[:, 0]
    assert np.abs(one - other).max() > 1e-6


def test_motion_places_what_the_content_draws():
    network = networks.generator(5, 3, (4, 8, 8, 1), width=2)
    (placed,) = (one for one in network.layers if isinstance(one, Placed))
    canvas = keras.Model(network.input["z"], placed.input[0])
    assert canvas(tf.zeros((2, 5))).shape == (2, 8, 8, 1), "z alone draws it"


def test_both_discriminators_weigh_the_same():
    network = networks.discriminator((6, 8, 8, 1), width=2)
    clips = np.random.default_rng(0).normal(size=(3, 6, 8, 8, 1)).astype(np.float32)
    scores = network(clips).numpy()
    assert scores.shape == (3, 2, 2)
    np.testing.assert_array_equal(scores[:, 0, 0], scores[:, 0, 1])
    assert np.ptp(scores[:, 1], axis=1).min() > 0, "frames differ"
    other = clips.copy()
    other[:, 4] = 0.0
    now = network(other).numpy()
    np.testing.assert_allclose(now[:, 1, 0], scores[:, 1, 0], atol=1e-6)
    assert np.abs(now[:, 1, 1] - scores[:, 1, 1]).min() > 1e-6, "every fourth frame"
    other[:, 1] = 0.0
    later = network(other).numpy()
    np.testing.assert_allclose(later[:, 1], now[:, 1], atol=1e-6)
    assert np.abs(later[:, 0] - now[:, 0]).min() > 1e-6, "the clip has all frames"


def test_what_it_does_not_have():
    with pytest.raises(UserError, match="spectral_norm: the convolutions over time"):
        mocogan.Config(spectral_norm=True)
