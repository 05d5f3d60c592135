"""The attack within what a generator makes: it errs, stays close, and passes projection."""

import numpy as np
import tensorflow as tf

from kgan.applications import attacks
from kgan.applications.defence import Projection
from kgan.configs import gan
from kgan.models import GAN
from tests import specs
from tests.applications.painting import SHAPE, painter


def test_it_misleads_behind_the_projection():
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    game = GAN(painter(labelled=False), base.discriminator)
    z = np.random.default_rng(0).uniform(0.4, 1.0, (6, 4)).astype("float32")
    z[3:] *= -1
    x = (np.asarray(game.sampler({"z": tf.constant(z)}, training=False)) + 1) / 2
    label = np.repeat([1, 0], 3).astype("int32")

    def logits(images):
        """Whether a picture is bright, sharply."""
        bright = 20 * (tf.reduce_mean(images, (1, 2, 3)) - 0.5)
        return tf.stack([-bright, bright], -1)

    assert (np.argmax(logits(x), 1) == label).all()
    projection = Projection(game, restarts=1, steps=60, rows=6)
    latent = projection(x).latent
    made = attacks.on_manifold(game, logits, x, label, latent, steps=60)
    assert (np.argmax(logits(made), 1) != label).all()
    again = projection(made).images
    np.testing.assert_allclose(again, made, atol=0.05)
    assert (np.argmax(logits(again), 1) != label).all()
    # The nearest such picture is the one that is as much darker everywhere.
    nearest = np.abs(x.mean((1, 2, 3)) - 0.5) + 1 / 40
    apart = np.sqrt(np.square(made - x).mean((1, 2, 3)))
    assert (apart < 1.5 * nearest + 0.02).all() and (apart > 0.8 * nearest).all()
