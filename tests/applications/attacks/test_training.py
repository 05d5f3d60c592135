"""Adversarial training makes a classifier that holds against the attack it learned from."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attacks
from kgan.metrics import network as networks

EPSILON = 0.15


def images(n, seed):
    """Images of two classes: a faint pattern that every pixel tells, and a clear stripe."""
    random = np.random.default_rng(seed)
    label = random.integers(2, size=n).astype("int32")
    x = random.normal(0.5, 0.02, (n, 8, 8, 1))
    signs = np.random.default_rng(9).choice([-0.05, 0.05], (8, 8, 1))
    x += np.where(label[:, None, None, None] == 1, signs, -signs)
    x[:, 4] = np.where(label[:, None, None] == 1, 0.9, 0.1)
    return np.clip(255 * x, 0, 255).astype("uint8"), label


def test_a_hardened_classifier_holds_where_a_plain_one_falls():
    pixels, labels = images(600, 0)
    test, truth = images(100, 1)
    x = tf.cast(test, "float32") / 255
    left = []
    for steps in (0, 3):
        keras.utils.set_random_seed(0)
        hidden = [keras.layers.Flatten(), keras.layers.Dense(8, "relu")]
        scaled = [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 255)]
        net = keras.Sequential([*scaled, *hidden, keras.layers.Dense(2)])
        if steps:
            attacks.harden(
                net, pixels, labels, EPSILON, steps=steps, updates=120, rate=0.01
            )
        else:
            networks.train_network(net, pixels, labels, seed=0, updates=120, rate=0.01)
        logits = attacks.logits_of(net, (0, 255))
        assert np.mean(np.argmax(logits(x), 1) == truth) > 0.97
        gradient = attacks.loss_gradient(logits)
        made = attacks.pgd(gradient, x, truth, EPSILON, steps=10, reach=8 / 3)
        left.append(np.mean(np.argmax(logits(made), 1) == truth))
    plain, hardened = left
    assert hardened > 0.9 and plain < hardened - 0.3


def test_the_layer_attacks_in_training_alone():
    seen = []

    def network(x, training):
        seen.append(x)
        return tf.reshape(x, (-1, 4))

    layer = attacks.Attacked(network, 0.5, clean=0.5, warm=2)
    x = np.full((4, 2, 2, 1), 100, "uint8")
    given = {"image": x, "label": np.arange(4, dtype="int32")}
    np.testing.assert_array_equal(layer(given), x)
    assert not seen
    first = np.asarray(layer(given, training=True))
    np.testing.assert_array_equal(first[:2], x[:2])  # the clean half
    np.testing.assert_allclose(np.abs(first[2:] - 100), 0.25 * 255, rtol=1e-5)
    second = np.asarray(layer(given, training=True))
    assert second[2:].max() == 100 + 0.5 * 255 and second[2:].min() == 0


def test_one_step_from_a_random_start():
    """Wong 2020: from anywhere within the bound, 1.25 bounds along the sign."""

    def network(x, training):  # the loss of class 0 falls as any pixel grows
        total = tf.reduce_sum(x, (1, 2, 3)) / 255
        return tf.stack([total, tf.zeros_like(total)], -1)

    layer = attacks.Attacked(network, 0.1, random_start=True)
    given = {"image": np.full((2, 2, 2, 1), 128, "uint8"), "label": np.zeros(2, int)}
    first, second = (
        (np.asarray(layer(given, training=True)) - 128) / 255 for _ in range(2)
    )
    # A step of -0.125 from U[-0.1, 0.1) ends within the bound, at it from below 0.025.
    assert first.min() == pytest.approx(-0.1, abs=1e-6)
    assert first.max() < -0.025 + 1e-6 and len(np.unique(first)) > 2
    assert not np.array_equal(first, second)  # each update starts anew
    again = attacks.Attacked(network, 0.1, random_start=True)
    np.testing.assert_array_equal(
        (np.asarray(again(given, training=True)) - 128) / 255, first
    )
