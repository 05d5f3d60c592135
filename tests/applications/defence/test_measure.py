"""A classifier behind a projection: what holds, what breaks it, and how it is counted."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import defence
from kgan.applications.defence.measure import Measured
from kgan.configs import gan
from kgan.errors import UserError
from kgan.models import GAN
from tests import specs
from tests.applications.painting import SHAPE, painter


@pytest.fixture(scope="module")
def desk():
    """A game of four grey quarters; pictures of it; a classifier with a weak point.

    It asks whether the first quarter is bright, and listens to a pattern that no such
    picture has far more than to that.
    """
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    game = GAN(painter(labelled=False), base.discriminator)
    z = np.random.default_rng(0).uniform(-1.5, 1.5, (12, 4)).astype("float32")
    z[:, 0] = np.where(np.arange(12) % 2, 1.0, -1.0)
    made = np.asarray(game.sampler({"z": tf.constant(z)}, training=False))
    images = np.rint(255 * (made + 1) / 2).astype("uint8")
    chess = np.indices((8, 8)).sum(0)[..., None] % 2 * 2.0 - 1

    def logits(x):
        bright = tf.reduce_mean(x[:, :4, :4], (1, 2, 3)) - 0.5
        pattern = tf.reduce_mean(x * tf.constant(chess, tf.float32), (1, 2, 3))
        score = 10 * bright + 100 * pattern
        return tf.stack([-score, score], -1)

    return game, images, (np.arange(12) % 2).astype("int32"), logits


def test_projection_stops_what_does_not_know_it(desk):
    game, images, label, logits = desk
    projection = defence.Projection(game, restarts=1, steps=60, rows=12)
    given = logits, images, label, projection
    measured = [
        defence.measure(name, *given, bound, steps=steps, norm=norm)
        for name, bound, norm, steps in (
            ("none", 0.15, "linf", None),
            ("fgsm", 0.15, "linf", None),
            ("unrolled", 0.15, "linf", None),
            ("bpda", 0.15, "linf", 2),
            ("tangent", 4.0, "l2", 5),
            ("manifold", 0.15, "linf", 60),
        )
    ]
    none, fgsm, unrolled, bpda, tangent, manifold = measured
    assert none.accuracy("clean, defended") == none.accuracy("attacked") == 1
    np.testing.assert_allclose(none.attacked, images / 255, atol=1e-6)
    assert fgsm.accuracy("attacked") == 0
    assert fgsm.accuracy("attacked, defended") > 0.9
    assert np.abs(fgsm.attacked - images / 255).max() <= 0.15 + 1e-6
    assert np.abs(fgsm.purified - images / 255).mean() < 0.05
    # Two steps to the bound, and through other pictures than the classifier sees.
    assert np.abs(bpda.attacked - images / 255).max() == pytest.approx(0.15, abs=1e-6)
    apart = np.square(tangent.attacked - images / 255).sum((1, 2, 3)) ** 0.5
    assert apart.max() <= 4 + 1e-5
    # The weak point is off the surface, so half of the brightness has to change.
    assert tangent.accuracy("attacked, defended") < bpda.accuracy("attacked, defended")
    assert unrolled.accuracy("attacked, defended") > 0.9
    # What the generator makes passes.
    assert manifold.accuracy("attacked, defended") < 0.2


def test_only_images_that_were_right_before_count():
    answers = {"clean": [0, 1, 0, 1], "attacked": [0, 0, 1, 1]}
    answers = {name: np.array(one) for name, one in answers.items()}
    empty = np.zeros((4, 1, 1, 1))
    found = Measured(empty, empty, np.array([0, 1, 1, 1]), answers)
    assert found.accuracy("clean") == 0.75
    assert found.accuracy("attacked") == pytest.approx(2 / 3)
    none = Measured(empty, empty, np.array([1, 0, 1, 0]), answers)
    assert np.isnan(none.accuracy("attacked"))


def test_pictures_are_purified(desk):
    game, images, label, logits = desk
    projection = defence.Projection(game, restarts=1, steps=60, rows=12)
    found = defence.defend(game, images, logits, projection)
    assert found.images.dtype == np.uint8 and found.images.shape == images.shape
    np.testing.assert_array_equal(found.after, label)
    assert found.errors.max() < 0.01
    with pytest.raises(UserError, match="images=12x4x8x1"):
        defence.defend(game, images[:, :4], logits, projection)
    given = logits, images / 255, label, projection
    with pytest.raises(UserError, match="attack=fast"):
        defence.attack("fast", *given)
    with pytest.raises(UserError, match="norm=l2.*attack=fgsm has none.*bpda"):
        defence.attack("fgsm", *given, norm="l2")


def test_separation_by_hand():
    assert defence.separation(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 1
    assert defence.separation(np.array([1.0, 3.0]), np.array([2.0, 4.0])) == 0.75


def test_a_detector_learns_what_attacked_images_look_like():
    random = np.random.default_rng(0)
    clean = np.full((200, 8, 8, 1), 0.5) + random.normal(0, 0.02, (200, 8, 8, 1))
    attacked = clean + random.choice([-0.2, 0.2], clean.shape)
    both = [one.astype("float32") for one in (clean, attacked)]
    detector = defence.fit_detector(both[0][:150], both[1][:150], updates=20)
    scores = [np.asarray(detector(tf.constant(one[150:])))[:, 1] for one in both]
    assert defence.separation(*scores) > 0.95
