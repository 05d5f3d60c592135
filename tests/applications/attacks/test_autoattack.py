"""AutoAttack: within its bound, reproducible, and not misled by hidden gradients."""

import sys

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attacks
from kgan.errors import UserError

EPSILON = 0.1
FEW = {"steps": 10, "queries": 50}


@pytest.fixture
def toolbox():
    pytest.importorskip("art", reason="the extra robustness is missing")
    pytest.importorskip("multiprocess", reason="the extra robustness is missing")


def right(logits, x, label):
    """The share of images that a classifier names right."""
    return float(np.mean(np.argmax(logits(x), 1) == label))


def test_it_sees_through_hidden_gradients(toolbox, known):
    """Sure answers have no gradient of the cross-entropy in float32, but can be misled."""
    plain, x, label = known

    def logits(images):
        return 1e4 * plain(images)

    def by_pgd(of):
        gradient = attacks.loss_gradient(of)
        found = attacks.pgd(gradient, x, label, EPSILON, steps=10, reach=2)
        return right(plain, found, label)

    made = attacks.autoattack(logits, x, label, EPSILON, **FEW)
    assert made.dtype == np.float32 and made.min() >= 0 and made.max() <= 1
    assert np.abs(made - x).max() <= EPSILON + 1e-6
    assert by_pgd(logits) > by_pgd(plain) + 0.2
    assert right(plain, made, label) <= by_pgd(plain) + 0.1


def test_a_seed_draws_the_same_and_leaves_numpy_alone(toolbox, known):
    logits, x, label = known
    before = np.random.get_state()[1].copy()
    made = [
        attacks.autoattack(logits, x, label, 0.05, seed=seed, steps=3, queries=9)
        for seed in (3, 3, 4)
    ]
    np.testing.assert_array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    np.testing.assert_array_equal(before, np.random.get_state()[1])


def test_two_classes(toolbox):
    """The ratio of logits needs a third one, and is left out."""
    x, label = np.full((4, 2, 2, 1), 0.6, "float32"), np.zeros(4, "int32")

    def logits(images):
        total = tf.reduce_mean(images, (1, 2, 3)) - 0.55
        return tf.stack([total, -total], -1)

    made = attacks.autoattack(logits, x, label, EPSILON, **FEW)
    assert right(logits, x, label) == 1 and right(logits, made, label) == 0


def test_it_says_what_is_missing(known, monkeypatch):
    with pytest.raises(UserError, match="a bound above 0"):
        attacks.autoattack(*known, 0.0)
    monkeypatch.setitem(sys.modules, "multiprocess", None)
    with pytest.raises(UserError, match="adversarial-robustness-toolbox and multi"):
        attacks.autoattack(*known, EPSILON)


def test_an_oblong_image(toolbox):
    """Square begins with squares that fit into it."""
    x, label = np.full((2, 6, 24, 1), 0.9, "float32"), np.zeros(2, "int32")

    def logits(images):
        bright = tf.reduce_mean(images, (1, 2, 3))
        return tf.stack([5 * bright, 0 * bright, 0 * bright], -1)

    made = attacks.autoattack(logits, x, label, 0.1, steps=2, queries=20)
    assert made.shape == x.shape and np.abs(made - x).max() <= 0.1 + 1e-6
