"""FGSM, PGD and BPDA: by hand, within their bounds, and image by image as foolbox's."""

import sys

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attacks
from kgan.applications.attacks.gradient import in_batches
from kgan.errors import UserError

EPSILON = 0.1


def right(logits, x, label):
    """The share of images that a classifier names right."""
    return float(np.mean(np.argmax(logits(x), 1) == label))


def test_the_gradient_by_hand():
    """Of a linear network, softmax minus one-hot times the weights."""
    w = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
    x = tf.constant([[[[0.2, 0.7]]]])

    def logits(images):
        return tf.reshape(images, (-1, 2)) @ w

    score = np.array([0.2, 0.7]) @ w
    share = np.exp(score) / np.exp(score).sum()
    by_hand = w @ (share - [1, 0])
    found = attacks.loss_gradient(logits)(x, tf.constant([0]))
    np.testing.assert_allclose(np.ravel(found), by_hand, rtol=1e-5)
    made = attacks.fgsm(attacks.loss_gradient(logits), x, tf.constant([0]), 0.5)
    np.testing.assert_allclose(
        np.ravel(made), np.clip([0.2, 0.7] + 0.5 * np.sign(by_hand), 0, 1), rtol=1e-6
    )


def test_pixels_reach_the_network_in_its_own_range():
    logits = attacks.logits_of(lambda x, training: x, (-1, 1))
    np.testing.assert_allclose(logits(tf.constant([0.0, 0.25, 1.0])), [-1, -0.5, 1])


@pytest.mark.parametrize(("epsilon", "steps"), [(0.5, 40), (0.1, 3)])
def test_pgd_reaches_every_bound_in_its_steps(epsilon, steps):
    """On a slope, where FGSM is the best that can be done."""
    x = tf.fill((2, 4, 4, 1), 0.5)
    label = tf.constant([0, 1])
    gradient = attacks.loss_gradient(
        lambda x: tf.reduce_sum(x, (1, 2, 3))[:, None] * tf.constant([[1.0, -1.0]])
    )
    made = attacks.pgd(gradient, x, label, epsilon, steps=steps)
    best = attacks.fgsm(gradient, x, label, epsilon)
    np.testing.assert_allclose(made, best, atol=1e-6)


@pytest.mark.parametrize("seed", [None, (0, 1)])
def test_pgd_stays_in_its_bound_and_is_stronger_than_fgsm(known, seed):
    logits, x, label = known
    gradient = attacks.loss_gradient(logits)
    once = attacks.fgsm(gradient, x, label, EPSILON)
    often = attacks.pgd(gradient, x, label, EPSILON, seed=seed)
    for made in (once, often):
        apart = np.abs(made - x)
        assert apart.max() <= EPSILON + 1e-6 and apart.max() > 0.99 * EPSILON
        assert np.min(made) >= 0 and np.max(made) <= 1
    clean = right(logits, x, label)
    assert clean > 0.9
    assert right(logits, often, label) <= right(logits, once, label) < clean - 0.3


@pytest.mark.parametrize("seed", [None, (0, 1)])
def test_pgd_within_a_distance(known, seed):
    logits, x, label = known
    made = attacks.pgd(
        attacks.loss_gradient(logits), x, label, 1.0, steps=10, seed=seed, norm="l2"
    )
    apart = np.sqrt(np.square(made - x).sum((1, 2, 3)))
    assert apart.max() <= 1 + 1e-5 and apart.mean() > 0.9
    assert np.min(made) >= 0 and np.max(made) <= 1
    assert right(logits, made, label) < right(logits, x, label) - 0.3


def test_a_step_of_an_l2_attack_by_hand():
    """Along the gradient (3, 4), whatever its length, and back to the bound."""
    x = tf.constant([[[[0.2], [0.1]]]])
    slope = tf.constant([[[[30.0], [40.0]]]])
    given = (lambda x, label: slope), x, tf.constant([0]), 0.5
    made = attacks.pgd(*given, steps=1, reach=0.5, norm="l2")
    np.testing.assert_allclose(np.ravel(made), [0.35, 0.3], atol=1e-6)
    made = attacks.pgd(*given, steps=1, reach=3.0, norm="l2")
    np.testing.assert_allclose(np.ravel(made), [0.5, 0.5], atol=1e-6)
    still = attacks.pgd(lambda x, label: 0 * x, *given[1:], norm="l2")
    np.testing.assert_array_equal(still, x)


def test_no_such_norm(known):
    logits, x, label = known
    with pytest.raises(UserError, match="norm=l1.*linf and l2"):
        attacks.pgd(attacks.loss_gradient(logits), x, label, 1.0, norm="l1")


def test_an_unbounded_attack_leaves_nothing(known):
    logits, x, label = known
    made = attacks.pgd(attacks.loss_gradient(logits), x, label, 1.0, reach=4)
    assert right(logits, made, label) == 0


def test_bpda_goes_through_a_defence_without_a_gradient(known):
    """Rounding to eight levels has the gradient 0, which stops PGD and not BPDA."""
    logits, x, label = known

    def rounded(images, number=0):
        return tf.round(images * 8) / 8 + 0.0 * images

    def behind(images):
        return logits(rounded(images))

    masked = attacks.loss_gradient(behind)
    stopped = attacks.pgd(masked, x, label, EPSILON, steps=10, reach=2)
    np.testing.assert_array_equal(stopped, x)
    defended = attacks.straight_through(rounded)
    np.testing.assert_array_equal(defended(x, 0), rounded(x))
    gradient = attacks.through(logits, defended, copies=1)
    made = attacks.pgd(gradient, x, label, EPSILON, steps=10, reach=2)
    assert right(behind, made, label) < right(behind, x, label) - 0.3


def test_eot_is_the_mean_over_copies_that_are_drawn_anew(known):
    logits, x, label = known
    noise = np.random.default_rng(1).normal(0, 0.1, (3, *x.shape)).astype("float32")
    seen = []

    def noisy(images, number):
        seen.append(number)
        return images + tf.reshape(noise, images.shape)

    gradient = attacks.through(logits, noisy, copies=3)
    found = gradient(x, label)
    plain = attacks.loss_gradient(logits)
    by_hand = sum(np.asarray(plain(x + one, label)) for one in noise) / 3
    np.testing.assert_allclose(found, by_hand, atol=1e-6)
    gradient(x, label)
    assert seen == [0, 1]


def test_many_images_in_parts(known):
    logits, x, label = known
    gradient = attacks.loss_gradient(logits)

    def attack(images, labels):
        return attacks.fgsm(gradient, images, labels, EPSILON)

    parts = in_batches(attack, np.asarray(x), np.asarray(label), 25)
    np.testing.assert_allclose(parts, attack(x, label), atol=1e-7)


@pytest.fixture
def foolbox():
    return pytest.importorskip("foolbox", reason="the extra robustness is missing")


def test_foolbox_makes_the_same_images(foolbox, known):
    """An attacker that we did not write, with the same network and labels."""
    logits, x, label = known
    gradient = attacks.loss_gradient(logits)
    theirs = attacks.outside("fgsm", logits, x, label, EPSILON)
    ours = attacks.fgsm(gradient, x, label, EPSILON)
    np.testing.assert_allclose(theirs, ours, atol=1e-6)
    search = foolbox.attacks.LinfPGD(abs_stepsize=0.02, steps=10, random_start=False)
    model = foolbox.TensorFlowModel(logits, (0, 1), "/CPU:0")
    theirs, _, _ = search(model, x, tf.cast(label, tf.int64), epsilons=EPSILON)
    ours = attacks.pgd(gradient, x, label, EPSILON, steps=10, reach=2)
    np.testing.assert_allclose(theirs, ours, atol=1e-5)
    search = foolbox.attacks.L2PGD(abs_stepsize=0.2, steps=10, random_start=False)
    theirs, _, _ = search(model, x, tf.cast(label, tf.int64), epsilons=1.0)
    ours = attacks.pgd(gradient, x, label, 1.0, steps=10, reach=2, norm="l2")
    np.testing.assert_allclose(theirs, ours, atol=1e-5)


def test_the_attacks_of_foolbox(foolbox, known):
    logits, x, label = known
    clean = right(logits, x, label)
    for name in attacks.OUTSIDE:
        made = attacks.outside(name, logits, x, label, EPSILON)
        assert made.dtype == np.float32 and made.min() >= 0 and made.max() <= 1
        assert right(logits, made, label) < clean - 0.3
        if name != "cw":
            assert np.abs(made - x).max() <= EPSILON + 1e-6
    # CW knows no bound on a pixel, and ends close by.
    assert right(logits, made, label) < 0.05
    assert np.sqrt(np.square(made - x).sum((1, 2, 3))).mean() < 1


def test_without_foolbox(known, monkeypatch):
    monkeypatch.setitem(sys.modules, "foolbox", None)
    with pytest.raises(UserError, match="need the package foolbox"):
        attacks.outside("fgsm", *known, EPSILON)
