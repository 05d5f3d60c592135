"""How often a game asks for its penalties, and what it hands them."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.augmentations import DiffAugment, InstanceNoise
from kgan.models import GAN
from kgan.networks import dcgan, mlp
from kgan.objectives import Wasserstein
from kgan.penalties import R1, R2, LeCam, R1Approximate
from tests.critics import FAKE, REAL, SEED


def toy(penalty):
    """A critic 3 x1 + 4 x2 that stays, as its rate is 0."""
    inputs = {"z": keras.Input((2,), name="z")}
    x = keras.Input((2,))
    score = layers.Reshape(())(layers.Dense(1, use_bias=False)(x))
    game = GAN(
        keras.Model(inputs, layers.Dense(2)(inputs["z"])),
        keras.Model(x, score),
        Wasserstein(),
        [penalty],
    )
    game.discriminator.set_weights([np.array([[3.0], [4.0]])])
    game.compile(
        max_optimizer=keras.optimizers.SGD(0.0), min_optimizer=keras.optimizers.SGD(0.0)
    )
    return game


@pytest.mark.parametrize("interval", [1, 3])
def test_interval_keeps_the_mean(interval):
    """Every third ascent three times 125: the mean of three steps is 125."""
    game = toy(R1(10.0, interval))
    seen = []
    for _ in range(6):
        game.reset_metrics()
        seen.append(float(game.train_step(REAL)["D/r1"]))
    assert seen == pytest.approx(
        ([125.0 * interval] + [0.0] * (interval - 1)) * (6 // interval)
    )
    game.reset_metrics()
    for _ in range(6):
        logs = game.train_step(REAL)
    assert float(logs["D/r1"]) == pytest.approx(125.0)


class OnlyD(GAN):
    """A game whose D is the quadratic, with a gradient that is its input."""

    def discriminate(self, x, batch):
        return {"score": 0.5 * tf.reduce_sum(x * x, axis=-1)}


def of_a_round(penalties, pack=1):
    """The terms of D on REAL and FAKE, and how often D was asked."""
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(2)])
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(1), layers.Reshape(())])
    game = OnlyD(generator, critic, penalties=penalties, pack=pack)
    game.compile(run_eagerly=True)
    asked, discriminate = [], game.discriminate

    def counted(x, batch):
        asked.append(len(x))
        return discriminate(x, batch)

    game.discriminate = counted
    played = game.forward({"real": REAL}, ({}, FAKE))
    return game.max_terms(played), asked


def test_r1_and_r2_come_from_the_pass_that_scores():
    terms, asked = of_a_round([R1(2.0), R2(4.0)])
    np.testing.assert_allclose(terms["r1"], [1, 4, 25])
    np.testing.assert_allclose(terms["r2"], [18, 2, 0])
    assert asked == [6]


class Moved(R1):
    """A penalty of one's own, elsewhere."""

    def place(self, real, fake, seed):
        return 2.0 * real


@pytest.mark.parametrize("first", [Moved(2.0), R1(1.0, interval=2)])
def test_what_is_taken_elsewhere_or_seldom_has_a_pass_of_its_own(first):
    terms, asked = of_a_round([first, R2(4.0)])
    expected = [4, 16, 100] if isinstance(first, Moved) else [1, 4, 25]
    np.testing.assert_allclose(terms["r1"], expected)
    np.testing.assert_allclose(terms["r2"], [18, 2, 0])
    assert asked == [6, 3, 3]


def test_lecam_takes_the_scores_that_there_are():
    terms, asked = of_a_round([LeCam(warm=0)])
    assert terms["lecam"].shape == (3,) and asked == [6]


def test_an_approximation_compares_images_that_are_augmented_alike():
    """Else the change would be that of the augmentation, thousands of times as large."""
    made = GAN(
        mlp.generator(4, (8, 8, 1), width=4),
        dcgan.discriminator((8, 8, 1), width=4, norm="none"),
        penalties=[R1Approximate(2.0)],
        augmentations=[InstanceNoise(1.0), DiffAugment()],
    )
    made.compile(max_optimizer="adam", min_optimizer="adam")
    batch = {"real": tf.random.stateless_uniform((8, 8, 8, 1), SEED, -1, 1)}
    played = made.forward(batch)
    found = [np.mean(made.max_terms(played)["r1_approximate"]) for _ in range(5)]
    exact = np.mean(
        R1(2.0)(
            lambda x: made.discriminate(x, batch)["score"], batch["real"], None, SEED
        )
    )
    assert np.mean(found) < 100 * exact
