"""Ways through z, and choices of what to draw."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import sampling
from kgan.configs import cgan, infogan
from kgan.errors import UserError


def random_points(n, seed):
    return tf.random.stateless_normal((n, 5), (0, seed))


@pytest.fixture(scope="module")
def conditional():
    return cgan.build(cgan.Config(network="mlp", width=1), (8, 8, 1), ("a", "b", "c"))


@pytest.fixture(scope="module")
def informed():
    config = infogan.Config(network="mlp", width=1, categories=(4, 3), latent=12)
    return infogan.build(config, (8, 8, 1), ())


def test_a_way_begins_and_ends_where_it_should():
    first, second = random_points(3, 1), random_points(3, 2)
    points = tf.reshape(sampling.between(first, second, 4), (3, 4, 5))
    np.testing.assert_allclose(points[:, 0], first, atol=1e-5)
    np.testing.assert_allclose(points[:, -1], second, atol=1e-5)


def test_a_way_stays_on_the_sphere_and_goes_evenly():
    first = tf.math.l2_normalize(random_points(3, 1), -1)
    second = tf.math.l2_normalize(random_points(3, 2), -1)
    points = tf.reshape(sampling.between(first, second, 7), (3, 7, 5))
    np.testing.assert_allclose(tf.norm(points, axis=-1), 1.0, atol=1e-5)
    strides = tf.norm(points[:, 1:] - points[:, :-1], axis=-1).numpy()
    np.testing.assert_allclose(strides, strides[:, :1].repeat(6, 1), atol=1e-4)


def test_a_quarter_circle_by_hand():
    points = sampling.between(tf.constant([[2.0, 0.0]]), tf.constant([[0.0, 2.0]]), 3)
    half = 2.0**0.5
    np.testing.assert_allclose(points, [[2, 0], [half, half], [0, 2]], atol=1e-5)


def test_from_a_point_to_itself():
    one = random_points(1, 1)
    points = sampling.between(one, one, 3)
    np.testing.assert_allclose(points, np.repeat(one, 3, 0), rtol=1e-3)


def test_a_row_keeps_its_label(conditional):
    latent = sampling.interpolate(conditional, pairs=2, steps=3, seed=(0, 1))
    labels = latent["label"].numpy().reshape(2, 3)
    assert (labels == labels[:, :1]).all()
    assert latent["z"].shape == (6, 100)


def test_images_are_the_same_in_parts(conditional, monkeypatch):
    latent = conditional.latents(5, (0, 1))
    whole = sampling.draw(conditional, latent)
    monkeypatch.setattr(sampling, "AT_ONCE", 2)
    parts = sampling.draw(conditional, latent)
    assert parts.shape == (5, 8, 8, 1) and parts.dtype == np.uint8
    np.testing.assert_allclose(parts.astype(int), whole.astype(int), atol=1)


def test_label(conditional):
    latent = conditional.latents(4, (0, 1))
    chosen = sampling.choose(conditional, latent, label=2)
    assert chosen["label"].numpy().tolist() == [2] * 4
    np.testing.assert_array_equal(chosen["z"], latent["z"])
    with pytest.raises(UserError, match="--label=3: there are labels 0 to 2"):
        sampling.choose(conditional, latent, label=3)


@pytest.mark.parametrize(
    "code", [[3.0], [3.0, 1.0], [3.0, 1.0, 0.5], [3.0, 1.0, 0.5, -2.0]]
)
def test_code(informed, code):
    """What is given is fixed; what is left out, and the noise, stay as drawn."""
    latent = informed.latents(6, (0, 1))
    old, new = (
        np.concatenate([np.stack([tf.argmax(c, -1) for c in hot], 1), continuous], 1)
        for _, hot, continuous in (
            informed.decode(latent["z"]),
            informed.decode(sampling.choose(informed, latent, code=code)["z"]),
        )
    )
    np.testing.assert_array_equal(new[:, : len(code)], [code] * 6)
    np.testing.assert_array_equal(new[:, len(code) :], old[:, len(code) :])
    chosen = sampling.choose(informed, latent, code=code)["z"]
    np.testing.assert_array_equal(chosen[:, :3], latent["z"][:, :3])


def test_codes_that_are_none(informed, conditional):
    latent = informed.latents(1, (0, 1))
    for code, words in (
        ([4.0], "--code=4: a category from 0 to 3"),
        ([0.0, 3.0], "--code=3: a category from 0 to 2"),
        ([0.5], "--code=0.5: a category"),
        ([0.0] * 5, "the code has 2 categories and 2 continuous"),
    ):
        with pytest.raises(UserError, match=words):
            sampling.choose(informed, latent, code=code)
    with pytest.raises(UserError, match="no code"):
        sampling.choose(conditional, conditional.latents(1, (0, 1)), code=[1.0])
