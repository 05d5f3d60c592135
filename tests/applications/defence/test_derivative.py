"""The derivatives of a projection: by hand, and against differences."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import defence
from kgan.applications.defence import derivative
from kgan.configs import gan
from kgan.models import GAN
from tests import specs
from tests.applications.painting import SHAPE, painter


@pytest.fixture(scope="module")
def game():
    """Paints four grey quarters: the nearest picture has the mean of each quarter."""
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    return GAN(painter(labelled=False), base.discriminator)


@pytest.fixture
def x():
    z = np.random.default_rng(0).uniform(-0.8, 0.8, (3, 2, 1, 2, 1, 1))
    quarters = np.broadcast_to(np.tanh(z / 2) / 2 + 0.5, (3, 2, 4, 2, 4, 1))
    return tf.constant(quarters.reshape(3, *SHAPE).astype("float32"))


WEIGHTS = tf.constant(
    np.random.default_rng(1).normal(size=(1, *SHAPE)).astype("float32")
)


def slope(defended, x, number=0):
    """The derivative of a weighted sum of what a defence makes."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        found = tf.reduce_sum(WEIGHTS * defended(x, number))
    return tape.gradient(found, x).numpy()


def means(weights):
    """Each quarter filled with its mean."""
    parts = np.reshape(weights, (2, 4, 2, 4)).mean((1, 3), keepdims=True)
    return np.broadcast_to(parts, (2, 4, 2, 4)).reshape(SHAPE)


def test_the_identity_passes_the_gradient(game, x):
    projection = defence.Projection(game, restarts=1, steps=30, rows=3)
    defended = defence.identity(projection)
    np.testing.assert_allclose(slope(defended, x), np.tile(WEIGHTS, (3, 1, 1, 1)))
    np.testing.assert_allclose(defended(x, 0), projection(x, 1).images)


def test_the_tangent_keeps_what_moves_along_the_surface(game, x, monkeypatch):
    monkeypatch.setattr(derivative, "DAMPING", 1e-6)
    projection = defence.Projection(game, restarts=1, steps=30, rows=3)
    found = slope(defence.tangent(projection), x)
    for one in found:
        np.testing.assert_allclose(one, means(WEIGHTS), atol=1e-3)


def test_damping_holds_back(game, x, monkeypatch):
    """By hand: with equal slopes and a damping as large as they are, half is left."""
    same = tf.fill(x.shape, 0.5)
    monkeypatch.setattr(derivative, "DAMPING", 1.0)
    projection = defence.Projection(game, restarts=1, steps=60, rows=3)
    found = slope(defence.tangent(projection), same)
    np.testing.assert_allclose(found[0], means(WEIGHTS) / 2, atol=0.01)


def test_the_unrolled_descent_against_differences(game, x):
    projection = defence.Projection(game, restarts=2, steps=5, rows=3)
    defended = defence.unrolled(projection)
    found = slope(defended, x)
    change = np.zeros((1, *SHAPE), "float32")
    change[0, 2, 3] = 0.01
    up, down = (
        tf.reduce_sum(WEIGHTS * defended(x + side * change, 0), (1, 2, 3))
        for side in (1, -1)
    )
    np.testing.assert_allclose(found[:, 2, 3, 0], (up - down) / 0.02, rtol=0.05)
    assert np.abs(found).min() > 0


def test_the_unrolled_descent_ends_where_the_projection_does(game, x):
    projection = defence.Projection(game, restarts=3, steps=40, rows=3)
    made = defence.unrolled(projection)(x, 0)
    np.testing.assert_allclose(made, projection(x, 1).images, atol=0.01)


def test_what_is_no_number_counts_as_nothing():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        made = tf.reduce_sum(derivative._finite(x) * tf.constant([np.nan, 3.0]))
    np.testing.assert_array_equal(tape.gradient(made, x), [0, 3])
