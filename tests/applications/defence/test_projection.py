"""Projection: what a generator makes stays, and what is put on top of it is lost."""

import keras
import numpy as np
import pytest

from kgan.applications.defence.projection import Projection
from kgan.applications.descent import MOMENTUM, Descent
from kgan.configs import cgan, gan
from kgan.errors import UserError
from kgan.models import GAN
from tests import specs
from tests.applications.painting import SHAPE, painter


@pytest.fixture(scope="module")
def plain():
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    return GAN(painter(labelled=False), base.discriminator)


def painted(game, n):
    """Pictures that the game makes, in [0, 1]."""
    latent = game.nearest_latents(game.latents(n, (0, 3)))
    made = game.sampler(latent, training=False)
    return (np.asarray(made) + 1) / 2, latent


def test_a_perturbation_is_lost(plain):
    x, _ = painted(plain, 6)
    noise = np.random.default_rng(0).choice([-0.1, 0.1], x.shape)
    attacked = np.clip(x + noise, 0, 1).astype("float32")
    projection = Projection(plain, restarts=2, steps=120, rows=4)  # in two parts
    kept, purified = projection(x), projection(attacked)
    for given, found in ((x, kept), (attacked, purified)):
        by_hand = np.square(found.images - given).mean((1, 2, 3))
        np.testing.assert_allclose(found.errors, by_hand, atol=1e-6)
        made = plain.sampler(found.latent, training=False)
        np.testing.assert_allclose(found.images, (made + 1) / 2, atol=1e-6)
    assert kept.errors.max() < 2e-3
    # Each quarter of 16 pixels keeps only the mean of its noise.
    assert np.abs(purified.images - x).mean() < 0.04


def test_images_of_a_generator_without_bounds_are_clipped():
    """As they are where they are written, so the error is that of what is seen."""
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    wide = painter(labelled=False)
    wide = keras.Model(wide.input, 30.0 * wide.output)
    game = GAN(wide, base.discriminator)
    x = np.linspace(0, 1, 64, dtype="float32").reshape(1, *SHAPE).repeat(3, 0)
    found = Projection(game, restarts=1, steps=0, rows=3)(x)
    made = np.asarray(game.sampler(found.latent, training=False))
    assert np.abs(made).max() > 1
    np.testing.assert_allclose(found.images, np.clip((made + 1) / 2, 0, 1), atol=1e-6)
    by_hand = np.square(found.images - x).mean((1, 2, 3))
    np.testing.assert_allclose(found.errors, by_hand, atol=1e-6)


def test_equal_seeds_draw_equal_starts(plain):
    x, _ = painted(plain, 3)
    projection = Projection(plain, restarts=1, steps=5)
    first, again, other = (projection(x, seed).images for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_more_restarts_are_never_worse(plain):
    x, _ = painted(plain, 4)
    one, four = (Projection(plain, n, steps=5)(x).errors for n in (1, 4))
    assert (four <= one + 1e-6).all() and (four < one - 1e-6).any()


def test_the_rate_is_that_of_the_paper(plain):
    """A step of 10 down the mean squared error in [0, 1], where G paints (z + 1) / 2."""
    z = keras.Input((4,), name="z")
    identity = keras.Model({"z": z}, keras.layers.Reshape((2, 2, 1))(z))
    search = Descent(GAN(identity, plain.discriminator), 1, MOMENTUM)
    target = np.full((1, 2, 2, 1), 0.6, "float32")
    found, loss = search(2 * target - 1, {"z": np.zeros((1, 4), "float32")}, 1)
    slope = 2 * (0.5 - 0.6) / 4 / 2  # of the mean over 4 pixels, by z
    np.testing.assert_allclose(found["z"], [[-10 * slope] * 4], rtol=1e-5)
    np.testing.assert_allclose(loss, 4 * (0.625 - 0.6) ** 2, rtol=1e-4)


def test_every_label_is_tried():
    config = cgan.Config(network="mlp", width=1, ema=0.0)
    game = cgan.build(config, specs.images(SHAPE, ("a", "b")))
    game.generator = painter(labelled=True)
    latent = game.nearest_latents(game.latents(4, (0, 3), label=[0, 1, 1, 0]))
    x = (np.asarray(game.sampler(latent, training=False)) + 1) / 2
    projection = Projection(game, restarts=1, steps=200, rows=4)
    np.testing.assert_array_equal(projection(x).latent["label"], [0, 1, 1, 0])
    with pytest.raises(UserError, match="restarts=101: with 2 labels"):
        Projection(game, restarts=101)
    with pytest.raises(UserError, match="starts of each picture; ask for at most 100$"):
        Projection(game, restarts=101)
