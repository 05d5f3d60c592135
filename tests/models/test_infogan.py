"""The code, its encoding, and what it costs."""

import dataclasses
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.controls import checked
from kgan.export.endpoints import endpoints
from kgan.models import InfoGAN
from kgan.models.infogan import SWEEP
from kgan.networks import mlp

SHAPE = (8, 8, 1)


def build(categories=(10,), continuous=2, latent=20, **rules):
    keras.utils.set_random_seed(0)
    heads = {f"category_{i}": size for i, size in enumerate(categories)}
    heads |= {"continuous": continuous} if continuous else {}
    game = InfoGAN(
        mlp.generator(latent, SHAPE, width=4),
        mlp.discriminator(SHAPE, heads=heads, width=4),
        categories=categories,
        continuous=continuous,
        **rules,
    )
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


def terms(game, z, **answer):
    """The information terms and the reading L_I for a given answer of Q."""
    game.reset_metrics()
    answer = {k: tf.constant(v) for k, v in answer.items()}
    played = game.forward({"real": tf.zeros((len(z), *SHAPE))})
    played = dataclasses.replace(
        played, latent={"z": z}, discriminate=lambda x, batch: answer
    )
    found = game._information(played, track=True)
    return {k: v.numpy() for k, v in found.items()}, float(game.means()["L_I"])


@pytest.mark.parametrize(
    ("categories", "continuous"), [((10,), 2), ((3, 4), 1), ((), 2), ((5,), 0)]
)
def test_decode_undoes_encode(categories, continuous):
    game = build(categories, continuous)
    noise = tf.random.normal((6, 20 - sum(categories) - continuous))
    chosen = [tf.constant([0, 1, 2, 2, 1, 0])] * len(categories)
    code = tf.random.uniform((6, continuous))
    z = game.encode(noise, chosen, code)
    assert z.shape == (6, 20)
    found_noise, found_categories, found_code = game.decode(z)
    np.testing.assert_array_equal(found_noise, noise)
    np.testing.assert_array_equal(found_code, code)
    for one_hot, category, size in zip(
        found_categories, chosen, categories, strict=True
    ):
        np.testing.assert_array_equal(one_hot, np.eye(size)[category])


def test_latents_carry_a_code():
    game = build((10, 3), 2)
    z = game.latents(2000, (0, 1))["z"]
    noise, (ten, three), continuous = game.decode(z)
    assert noise.shape == (2000, 5) and float(tf.math.reduce_std(noise)) > 0.95
    for one_hot, size in (ten, 10), (three, 3):
        assert (np.sort(one_hot)[:, -1] == 1).all() and (np.sum(one_hot, 1) == 1).all()
        np.testing.assert_allclose(np.mean(one_hot, 0), 1 / size, atol=0.04)
    assert -1 <= np.min(continuous) < -0.99 and 0.99 < np.max(continuous) < 1
    np.testing.assert_array_equal(z, game.latents(2000, (0, 1))["z"])
    assert not np.array_equal(z, game.latents(2000, (0, 2))["z"])


def test_truncation_leaves_the_code_alone():
    game = build()
    noise, _, continuous = game.decode(game.latents(500, (0, 1), truncation=0.2)["z"])
    assert np.abs(noise).max() <= 0.2 + 1e-5 and np.abs(continuous).max() > 0.9


def test_a_clueless_q_knows_nothing():
    """Uniform logits: a surprise of log 10, and L_I = H(c) - log 10 = 0."""
    game = build()
    z = game.encode(
        tf.zeros((2, 8)), [tf.constant([3, 7])], tf.constant([[0.5, -1.0]] * 2)
    )
    found, known = terms(
        game,
        z,
        category_0=np.zeros((2, 10), "float32"),
        continuous=np.zeros((2, 2), "float32"),
    )
    np.testing.assert_allclose(found["category_0"], [math.log(10)] * 2, rtol=1e-6)
    # lambda/2 |c - c'|^2 with lambda = 0.1.
    np.testing.assert_allclose(found["continuous"], [0.05 * 1.25] * 2, rtol=1e-6)
    assert known == pytest.approx(0.0, abs=1e-6)


def test_a_knowing_q_reads_all_of_it():
    game = build(category_weight=2.0, continuous_weight=3.0)
    z = game.encode(tf.zeros((1, 8)), [tf.constant([3])], tf.constant([[0.5, -1.0]]))
    logits = 100 * np.eye(10, dtype="float32")[[3]]
    found, known = terms(game, z, category_0=logits, continuous=[[0.5, -1.0]])
    assert found["category_0"] == pytest.approx(0.0, abs=1e-6)
    assert found["continuous"] == pytest.approx(0.0, abs=1e-6)
    assert known == pytest.approx(math.log(10))
    # Q(3|x) = 1/(1 + 9/9) = 1/2: the surprise is log 2, twice as it weighs 2.
    logits = math.log(9) * np.eye(10, dtype="float32")[[3]]
    found, known = terms(
        game, z, category_0=logits.astype("float32"), continuous=[[1.5, 0.0]]
    )
    assert found["category_0"] == pytest.approx(2 * math.log(2), rel=1e-5)
    assert found["continuous"] == pytest.approx(3 * 0.5 * 2, rel=1e-5)
    assert known == pytest.approx(math.log(10) - math.log(2), rel=1e-5)


def test_both_sides_carry_the_information():
    game = build()
    logs = game.train_step({"real": tf.zeros((4, *SHAPE))})
    for side in "DG":
        parts = [f"{side}/{x}" for x in ("adversarial", "category_0", "continuous")]
        total = sum(float(logs[part]) for part in parts)
        assert float(logs[f"{side}/loss"]) == pytest.approx(total, rel=1e-5)
        assert float(logs[f"{side}/category_0"]) > 0


def test_showcase_sweeps_the_code():
    """A column per category; five rows for each continuous code, the others at 0."""
    game = build()
    latent, rows, columns = game.preview_latents((0, 1))
    assert (rows, columns) == (10, 10)
    noise, (category,), code = (
        game.decode(latent["z"])[0],
        game.decode(latent["z"])[1],
        game.decode(latent["z"])[2],
    )
    assert (np.asarray(noise) == np.asarray(noise)[0]).all()
    shown = np.argmax(category, -1).reshape(rows, columns)
    assert (shown == np.arange(10)).all()
    code = np.asarray(code).reshape(rows, columns, 2)
    assert (code == code[:, :1]).all()
    expected = [(v, 0.0) for v in SWEEP] + [(0.0, v) for v in SWEEP]
    np.testing.assert_array_equal(code[:, 0], expected)


@pytest.mark.parametrize(
    ("categories", "continuous", "expected"),
    [((4,), 0, (5, 4)), ((), 1, (5, 10)), ((3, 4), 1, (5, 3)), ((3,), 3, (15, 3))],
)
def test_showcase_of_other_codes(categories, continuous, expected):
    game = build(categories, continuous)
    latent, rows, columns = game.preview_latents((0, 1))
    assert (rows, columns) == expected
    assert game.samples(latent).shape == (rows * columns, *SHAPE)


def test_packs_are_refused():
    with pytest.raises(ValueError, match="pack=1, got pack=2"):
        build(pack=2)


@pytest.mark.parametrize(
    ("categories", "continuous", "names"),
    [
        ((10,), 2, ["category", "continuous"]),
        ((5,), 0, ["category"]),
        ((), 2, ["continuous"]),
        ((3, 4), 1, ["category_0", "category_1", "continuous"]),
    ],
)
def test_samples_name_their_code(categories, continuous, names):
    game = build(categories, continuous)
    assert [control.name for control in game.controls()] == [*names, "truncation"]
    sample, _ = endpoints(game)["sample"]
    answer = sample(n=tf.constant(3), seed=tf.constant(1))
    assert answer["images"].shape == (3, *SHAPE)
    assert list(answer) == ["images", *names]
    for name in names:
        width = (continuous,) if name == "continuous" else ()
        assert answer[name].shape == (3, *width)


def test_a_code_that_was_asked_for_is_drawn():
    game = build((3, 4), 2)
    asked = {"category_0": 2, "category_1": [0, 1, 2, 3, 3], "continuous": [0.5, -1.0]}
    values = checked(game.controls(), asked)
    told = game.control_values(game.latents(5, (0, 1), **values))
    assert told["category_0"].numpy().tolist() == [2] * 5
    assert told["category_1"].numpy().tolist() == [0, 1, 2, 3, 3]
    np.testing.assert_array_equal(told["continuous"], [[0.5, -1.0]] * 5)
    free = game.control_values(game.latents(5, (0, 1)))
    assert not np.array_equal(free["category_0"], told["category_0"])
