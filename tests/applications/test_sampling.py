"""Ways through z, and choices of what to draw."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import sampling
from kgan.configs import cgan
from kgan.controls import checked
from tests import specs
from tests.models import stackgan_cases


def random_points(n, seed):
    return tf.random.stateless_normal((n, 5), (0, seed))


@pytest.fixture(scope="module")
def conditional():
    return cgan.build(
        cgan.Config(network="mlp", width=1), specs.images((8, 8, 1), ("a", "b", "c"))
    )


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


def test_a_way_from_one_caption_to_another():
    game, one, two = stackgan_cases.build(), "a red seven", "a blue two"
    ends = {"caption": one}, {"caption": two}
    made, latent = sampling.between_texts(game, 7, 3, (0, 1), *ends)
    assert made.shape == (6, *stackgan_cases.SHAPE), "two whole rows of 3"
    told = stackgan_cases.KIND.decode(latent["caption"])
    assert told == [one, one, two] * 2, "each picture is told by the nearer end"
    alone, _ = sampling.between_texts(game, 1, 3, (0, 1), *ends)
    np.testing.assert_array_equal(alone.shape[0], 3)


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
    monkeypatch.setattr(sampling, "BATCH", 2)
    parts = sampling.draw(conditional, latent)
    assert parts.shape == (5, 8, 8, 1) and parts.dtype == np.uint8
    np.testing.assert_allclose(parts.astype(int), whole.astype(int), atol=1)


def test_a_label_is_asked_for_by_number_or_name(conditional):
    values = [checked(conditional.controls(), {"label": one}) for one in (2, "c")]
    for value in values:
        latent = conditional.latents(4, (0, 1), **value)
        assert latent["label"].numpy().tolist() == [2] * 4


def test_written_with_what_it_was_drawn_from(conditional, tmp_path):
    latent = conditional.latents(3, (0, 1), label=np.int32(1))
    path = sampling.write(conditional, latent, 3, tmp_path / "x.npz")
    with np.load(path) as held:
        assert set(held) == {"images", "z", "label"}
        assert held["label"].tolist() == [1] * 3
