"""Losses of pictures and captions: what D compares, and what G adds."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.errors import UserError
from kgan.models import GAN, captioned
from kgan.models.round import Round
from kgan.networks import mlp
from kgan.objectives import Minimax
from kgan.penalties import MAGP
from tests.models.stackgan_cases import KIND, LENGTH, SHAPE, batch, build


def played(captions, real, fake, wrong):
    """A round whose scores are given."""
    answers = {"score": tf.constant(fake)}
    one = Round({"caption": KIND.encode(captions, LENGTH)}, {}, None, None)
    one.answer = answers
    one.real_answer = {"score": tf.constant(real), "wrong": tf.constant(wrong)}
    return one


def test_loss_of_the_discriminator_by_hand(monkeypatch):
    """Right pairs in full; fakes and wrong captions at a half; equal ones not wrong."""
    game = build(objective=Minimax())
    monkeypatch.setattr(game, "track", lambda name, values: None)
    game.simultaneous = True  # the scores are there
    captions = ["a red", "a blue", "a blue"]  # the row before: blue, red, blue
    real, fake, wrong = [1.0, 2.0, 0.5], [-1.0, 0.0, 1.0], [0.5, -2.0, 3.0]
    terms = game.max_terms(played(captions, real, fake, wrong))

    def log1p(x):
        return math.log1p(math.exp(x))

    for i, bad in enumerate([0.5, -2.0, 1.0]):  # the last row has no wrong caption
        expected = log1p(-real[i]) + 0.5 * log1p(fake[i]) + 0.5 * log1p(bad)
        total = float(terms["adversarial"][i] + terms["matching"][i])
        assert total == pytest.approx(expected, rel=1e-5)


def test_without_wrong_captions_the_game_is_that_of_a_gan(monkeypatch):
    game = build(matching=False)
    monkeypatch.setattr(game, "track", lambda name, values: None)
    game.simultaneous = True
    terms = game.max_terms(played(["a red"], [1.0], [-1.0], [5.0]))
    assert list(terms) == ["adversarial"]
    assert float(terms["adversarial"][0]) == pytest.approx(2 * math.log1p(math.exp(-1)))
    assert "D/matching" not in game.tracked


def test_pictures_without_captions_are_a_game_of_their_own(monkeypatch):
    game = build(unconditional=True, matching=False, objective=Minimax())
    monkeypatch.setattr(game, "track", lambda name, values: None)
    game.simultaneous = True
    one = played(["a red"], [0.0], [0.0], [0.0])
    one.real_answer["alone"] = tf.constant([2.0])
    one.answer["alone"] = tf.constant([-1.0])
    expected = math.log1p(math.exp(-2.0)) + math.log1p(math.exp(-1.0))
    assert float(game.max_terms(one)["alone"][0]) == pytest.approx(expected, rel=1e-5)
    one.latent["mean"] = one.latent["log_deviation"] = tf.zeros((1, 3))
    lowered = float(game.min_terms(one)["alone"][0])
    assert lowered == pytest.approx(-math.log1p(math.exp(-1.0)), rel=1e-5)


def test_contrastive_loss_by_hand(monkeypatch):
    """The cosine of each picture with all captions; equal captions are not wrong."""
    game = build(contrastive_weight=2.0, matching=False)
    told = {}
    monkeypatch.setattr(game, "track", lambda name, values: told.update({name: values}))
    game.simultaneous = True
    one = played(["a red", "a blue", "a blue"], [0.0] * 3, [0.0] * 3, [0.0] * 3)
    pictures = [[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]
    texts = [[0.8, 0.6], [0.0, 1.0], [0.0, 1.0]]
    one.real_answer |= {"picture": tf.constant(pictures), "text": tf.constant(texts)}
    losses = game.max_terms(one)["contrast"]
    likeness = [[0.8, 0.0, 0.0], [0.96, 0.8, None], [0.6, None, 1.0]]
    for i, row in enumerate(likeness):
        total = sum(math.exp(10 * a) if a is not None else math.exp(-10) for a in row)
        expected = 2.0 * (math.log(total) - 10 * row[i])
        assert float(losses[i]) == pytest.approx(expected, rel=1e-4)
    assert told["D/retrieval"].numpy().tolist() == [True, False, True]


def test_diversity_by_hand(monkeypatch):
    """Pictures that move half as far as their z cost 2; those that stay cost the most."""
    game = build(diversity_weight=0.5)
    monkeypatch.setattr(game, "track", lambda name, values: None)
    first = tf.zeros((2, 8))  # 5 of z and 3 around the mean of the condition
    drawn = tf.stack([0.5 * tf.ones(SHAPE), tf.zeros(SHAPE)])

    def painted(generator, z, text, training):
        assert {"mean", "log_deviation"} < set(text) and training
        assert not z[:, 5:].numpy().any(), "the condition is the same"
        change = tf.reduce_mean(tf.abs(z[:1, :5] - first[:1, :5])) * 0.5
        return drawn + tf.reshape(tf.stack([change, 0.0]), (2, 1, 1, 1))

    monkeypatch.setattr("kgan.models.captioned.painted", painted)
    of_caption = {"mean": tf.zeros((2, 3)), "log_deviation": tf.zeros((2, 3))}
    latent = {"z": first, "caption": None} | of_caption
    weighted = game._diversity(Round({}, latent, drawn, None)).numpy()
    assert weighted[0] == pytest.approx(0.5 / (1 / 2 + 1 / 100))
    assert weighted[1] == pytest.approx(50.0)


def test_of_two_stages_the_noise_alone_is_drawn_again():
    around = {
        "log_deviation": tf.zeros((2, 3)),
        "first_log_deviation": tf.zeros((2, 2)),
    }
    latent = {"z": tf.zeros((2, 9)), "mean": tf.zeros((2, 3))}
    assert captioned.free(latent) == 9
    assert captioned.free(latent | around) == 4


def test_diversity_is_weighed_and_told():
    logs = {}
    for weight in (0.5, 1.0):
        keras.utils.set_random_seed(0)
        game = build(diversity_weight=weight)
        logs[weight] = game.train_step(batch(["a red seven on blue"] * 4))
    low, high = (float(logs[w]["G/diversity"]) for w in (0.5, 1.0))
    assert 0 < low == pytest.approx(high / 2, rel=1e-4)


def test_diversity_at_every_third_descent_is_three_times_as_heavy():
    told = []
    for interval in (1, 3):
        keras.utils.set_random_seed(0)
        game = build(diversity_weight=0.5, diversity_interval=interval)
        step = game.train_step
        logs = [step(batch(["a red seven on blue"] * 4)) for _ in range(4)]
        told.append([float(one["G/diversity"]) for one in logs])
    always, lazy = told
    assert lazy[0] == pytest.approx(3 * always[0], rel=1e-4)
    # What is told is the mean since the first one.
    assert lazy[1:3] == pytest.approx([lazy[0] / 2, lazy[0] / 3])
    assert lazy[3] > lazy[0] / 4


def test_divergence_by_hand():
    game = build(kl_weight=2.0)
    one = Round(
        {},
        {
            "mean": tf.constant([[0.0, 0.0, 0.0], [1.0, 2.0, 0.0]]),
            "log_deviation": tf.constant([[0.0, 0.0, 0.0], [0.0, 0.0, math.log(2.0)]]),
        },
        None,
        None,
    )
    one.answer = {"score": tf.zeros((2,))}
    expected = 2.0 * (0.5 + 2.0 + (2.0 - 0.5 - math.log(2.0))) / 3
    np.testing.assert_allclose(game.min_terms(one)["kl"], [0.0, expected], rtol=1e-6)


def test_discriminator_sends_nothing_to_the_encoder():
    game = build(kl_weight=0.0)
    one = batch(["a red seven", "a blue"])
    with tf.GradientTape() as tape:
        condition = game.forward(game.as_inputs(one)).batch["condition"]
    encoder = game.generator.get_layer("encoder")
    assert all(g is None for g in tape.gradient(condition, encoder.weights))


def test_matching_aware_penalty_by_hand():
    """D = x.a + t.b: the norms are |a| and |b|, whatever x and t are."""
    a, b = tf.constant([[3.0], [4.0]]), tf.constant([[0.0], [2.0]])
    pair = tf.ones((2, 2)), tf.zeros((2, 2))

    def score(x, condition):
        return (x @ a + condition @ b)[:, 0]

    found = MAGP(weight=2.0, power=2.0)(score, pair, None, (0, 0))
    np.testing.assert_allclose(found, [2.0 * (5.0 + 2.0) ** 2] * 2, rtol=1e-5)


def test_matching_aware_penalty_moves_the_game():
    game = build(penalties=[MAGP()])
    logs = game.train_step(batch(["a red", "a blue"]))
    assert float(logs["D/ma_gp"]) > 0


def test_matching_aware_penalty_needs_captions():
    with pytest.raises(UserError, match="together with their captions"):
        GAN(
            mlp.generator(4, SHAPE, width=2),
            mlp.discriminator(SHAPE, width=2),
            penalties=[MAGP()],
        )
