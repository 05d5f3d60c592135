"""AdvGAN: its terms by hand, its bound, and a run from labelled images to changed ones."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.configs import advgan
from kgan.data import arrays
from kgan.errors import UserError
from kgan.models import AdvGAN
from kgan.networks import patch, perturbing, unet
from tests import specs

SHAPE = (8, 8, 1)


@pytest.fixture
def game():
    """G adds .25 of the range to every pixel; C compares the mean of the pixels with 0."""
    source = keras.Input(SHAPE, name="source")
    ones = keras.Model({"source": source}, 0.0 * source + 1.0)
    x = keras.Input(SHAPE)
    mean = keras.layers.Flatten()(keras.layers.GlobalAveragePooling2D()(x))
    logits = keras.layers.Concatenate()([-mean, mean])
    made = AdvGAN(
        perturbing.bounded(ones, 0.25),
        patch.discriminator(SHAPE, depth=1, width=2),
        classifier=keras.Model(x, logits),
        misleading_weight=2.0,
        perturbation_weight=3.0,
        free=0.1,
    )
    made.compile()
    return made


def test_the_terms_by_hand(game):
    real = tf.constant([-0.2, 0.1, 0.9])[:, None, None, None] * tf.ones((3, *SHAPE))
    label = tf.constant([0, 1, 0])
    played = game.forward({"real": real, "label": label})
    changed = np.array([0.3, 0.6, 1.0])  # the last one is clipped
    np.testing.assert_allclose(played.fake[:, 0, 0, 0], changed, rtol=1e-5)

    def entropy(mean):
        sign = np.array([-1, 1, -1])
        return np.log1p(np.exp(-2 * sign * mean))

    lower, higher = game.min_terms(played), game.max_terms(played)
    before = np.array([-0.2, 0.1, 0.9])
    np.testing.assert_allclose(higher["of_real"], entropy(before), rtol=1e-4)
    np.testing.assert_allclose(higher["of_changed"], entropy(changed), rtol=1e-4)
    np.testing.assert_allclose(lower["misleading"], -2 * entropy(changed), rtol=1e-4)
    length = (changed - before) / 2
    by_hand = 3 * np.maximum(length - 0.1, 0)
    np.testing.assert_allclose(lower["perturbation"], by_hand, rtol=1e-4, atol=1e-6)
    means = {name: float(value) for name, value in game.means().items()}
    assert means["C right, real"] == pytest.approx(2 / 3)
    assert means["C right, changed"] == pytest.approx(1 / 3)


def test_a_classifier_that_does_not_harden(game):
    game.hardens = False
    real = tf.zeros((2, *SHAPE))
    played = game.forward({"real": real, "label": tf.constant([0, 1])})
    assert "of_changed" not in game.max_terms(played)


def test_no_pixel_changes_by_more_than_the_bound():
    network = unet.generator(SHAPE, 1, width=2, norm="none", dropout=0.0)
    generator = perturbing.bounded(network, 0.05)
    x = np.random.default_rng(0).uniform(-1, 1, (4, *SHAPE)).astype("float32")
    made = np.asarray(generator({"source": 10 * x.clip(-0.1, 0.1)}))
    assert np.abs(made - 10 * x.clip(-0.1, 0.1)).max() <= 0.1 + 1e-6
    assert np.abs(made).max() <= 1


@pytest.mark.slow
def test_a_run_on_labelled_images(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (48, *SHAPE), np.uint8)
    labels = np.arange(48, dtype=np.int32) % 3
    parts = [
        arrays.images(pixels[rows], labels[rows], name="noise", classes=("a", "b", "c"))
        for rows in (slice(40), slice(40, None))
    ]
    data = dataclasses.replace(parts[0], held_out=parts[1])
    small = {"width": 2, "classifier_width": 2, "batch_size": 8, "epochs": 1}
    run = kgan.train("advgan", data, tmp_path / "run", epsilon=0.1, **small)
    changed = run.game.generate(source=pixels[:4])
    assert changed.dtype == np.uint8 and changed.shape == (4, *SHAPE)
    assert np.abs(changed.astype(int) - pixels[:4]).max() <= 26
    again = kgan.load(tmp_path / "run" / "generator").generate(source=pixels[:4])
    np.testing.assert_allclose(again, changed, atol=1)
    (sheet,) = (tmp_path / "run" / "samples").glob("*00001.png")
    assert sheet.stat().st_size > 0


def test_images_without_classes():
    with pytest.raises(UserError, match="no classes"):
        advgan.build(advgan.Config(), specs.images(SHAPE))
