"""Entropies and divergences against numbers found by hand."""

import math

import numpy as np
import pytest

from kgan.experiments.theory import divergences, information

LOG2 = math.log(2)
# Y tells half of what X is: 1.5 bits of X and Y together, 1 bit of X.
JOINT = np.array([[1 / 2, 0.0], [1 / 4, 1 / 4]])


def test_entropies_by_hand():
    assert information.self_information(1 / 8) == pytest.approx(3 * LOG2)
    assert information.entropy([1 / 2, 1 / 4, 1 / 4, 0]) == pytest.approx(1.5 * LOG2)
    assert information.entropy(JOINT) == pytest.approx(1.5 * LOG2)
    assert information.conditional_entropy(JOINT) == pytest.approx(0.5 * LOG2)
    # H(X) + H(Y) - H(X, Y) with H(Y) of (3/4, 1/4).
    h_y = 2 * LOG2 - 0.75 * math.log(3)
    assert information.mutual_information(JOINT) == pytest.approx(h_y - 0.5 * LOG2)
    assert information.mutual_information(JOINT.T) == pytest.approx(h_y - 0.5 * LOG2)
    apart = np.outer([0.3, 0.7], [0.2, 0.5, 0.3])
    assert information.mutual_information(apart) == pytest.approx(0, abs=1e-12)


def test_divergences_by_hand():
    p, q = [1 / 2, 1 / 2], [1 / 4, 3 / 4]
    there = 0.5 * math.log(2) + 0.5 * math.log(2 / 3)
    back = 0.25 * math.log(1 / 2) + 0.75 * math.log(3 / 2)
    assert information.kl_divergence(p, q) == pytest.approx(there)
    assert information.kl_divergence(q, p) == pytest.approx(back)
    assert information.kl_divergence([1, 0], [0, 1]) == math.inf
    assert information.jensen_shannon([1, 0], [0, 1]) == pytest.approx(LOG2)
    assert information.jensen_shannon(p, p) == 0
    # Middle (3/8, 5/8).
    middle = information.entropy([3 / 8, 5 / 8])
    mean = (information.entropy(p) + information.entropy(q)) / 2
    assert information.jensen_shannon(p, q) == pytest.approx(middle - mean)
    assert information.implied_divergence(-math.log(4)) == 0
    assert information.implied_divergence(0.0) == pytest.approx(LOG2)


def test_what_is_no_table():
    for wrong in ([0.5, 0.4], [1.5, -0.5], [], [math.nan, 1.0]):
        with pytest.raises(ValueError, match="sum to 1"):
            information.entropy(wrong)
    with pytest.raises(ValueError, match="do not compare"):
        information.kl_divergence([1.0], [0.5, 0.5])


def test_the_table_of_the_experiment():
    found = divergences.quantities(divergences.JOINT)
    assert found.keys() == divergences.BY_HAND.keys()
    for name, value in divergences.BY_HAND.items():
        assert found[name] == pytest.approx(value * LOG2, abs=1e-12), name
    assert all(number.agrees for number in divergences.table_numbers(3))


def test_the_density_of_an_affine_generator():
    """b and A A^T, against what G makes."""
    game = divergences.build(0)
    turn = np.array([[1.0, 0.5], [-0.3, 0.8]], "float32")
    game.generator.set_weights([turn, np.array([2.0, -1.0], "float32")])
    mean, covariance = divergences.own_density(game)
    points = game.generator(game.latents(40_000, (0, 1))).numpy()
    np.testing.assert_allclose(points.mean(0), mean, atol=0.02)
    np.testing.assert_allclose(np.cov(points.T), covariance, atol=0.03)
    data = divergences.draw_data(40_000, (0, 2)).numpy()
    factor = divergences.DATA_FACTOR
    np.testing.assert_allclose(np.cov(data.T), factor @ factor.T, atol=0.04)
    game.generator.set_weights(
        [np.float32(factor.T), np.float32(divergences.DATA_MEAN)]
    )
    assert divergences.exact(game) == pytest.approx(0, abs=1e-6)
    assert divergences.live(game, (0, 3)) == pytest.approx(0, abs=1e-6), "D is 1/2"
