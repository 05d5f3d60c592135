"""The Parzen window, against the closed forms of few dimensions."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from kgan.metrics import choose_bandwidth, log_likelihood, parzen
from kgan.metrics.parzen import BANDWIDTHS, MOST_DISTANCES


def test_one_sample_is_one_normal_distribution():
    points = np.array([[0.0], [1.0], [-3.0]])
    expected = norm(0.5, 0.2).logpdf(points[:, 0])
    np.testing.assert_allclose(log_likelihood([[0.5]], points, 0.2), expected)


def test_dimensions_multiply_and_samples_are_averaged():
    samples, point = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[0.5, 0.5]])
    densities = norm(samples, 0.3).pdf(point).prod(axis=1)
    expected = math.log(densities.mean())
    np.testing.assert_allclose(log_likelihood(samples, point, 0.3), expected)


def test_points_far_from_all_samples_stay_finite():
    # Every term is exp(-50,000) and below, which is 0 in float64.
    found = log_likelihood([[0.0], [-1.0]], [[100.0]], 0.3)
    expected = norm(0, 0.3).logpdf(100) - math.log(2)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_shift_of_everything_changes_nothing():
    generator = np.random.default_rng(0)
    samples, points = generator.random((50, 20)), generator.random((30, 20))
    expected = log_likelihood(samples, points, 0.1)
    shifted = log_likelihood(samples + 1e6, points + 1e6, 0.1)
    np.testing.assert_allclose(shifted, expected, rtol=1e-6)


def test_blocks_of_points_give_what_single_points_give():
    count = MOST_DISTANCES // 60  # Rows of 60 points at a time.
    generator = np.random.default_rng(0)
    samples = generator.normal(size=(count, 1)).astype(np.float32)
    points = generator.normal(size=(130, 1))
    found = log_likelihood(samples, points, 0.2)
    assert found.shape == (130,)
    for index in (0, 59, 60, 129):
        alone = log_likelihood(samples, points[index : index + 1], 0.2)
        np.testing.assert_allclose(found[index], alone[0], rtol=1e-10)


def test_images_are_flattened():
    generator = np.random.default_rng(0)
    samples, points = generator.random((9, 2, 3, 1)), generator.random((4, 2, 3, 1))
    np.testing.assert_array_equal(
        log_likelihood(samples, points, 0.2),
        log_likelihood(samples.reshape(9, 6), points.reshape(4, 6), 0.2),
    )


def test_bandwidth_of_one_sample_is_the_distance():
    # -r^2 / 2 sigma^2 - log sigma has its maximum at sigma = r.
    for sigma in (0.1, 0.2, 0.5):
        found = choose_bandwidth([[0.0]], [[sigma]], candidates=(0.1, 0.2, 0.5))
        assert found == sigma
    np.testing.assert_allclose(BANDWIDTHS, np.logspace(-1, 0, 10))


def test_score_is_the_mean_with_its_error_at_the_chosen_sigma():
    validation, test = [[0.3], [-0.3]], np.array([[0.0], [0.1], [0.5]])
    mean, error, sigma = parzen([[0.0]], validation, test)
    # Of 0.1, 0.129, ... 0.278, 0.359 the one nearest to 0.3 in likelihood.
    assert sigma == pytest.approx(10 ** (-1 + 4 / 9))
    likelihood = norm(0, sigma).logpdf(test[:, 0])
    assert mean == pytest.approx(likelihood.mean())
    assert error == pytest.approx(likelihood.std() / math.sqrt(3))


def test_many_samples_come_near_the_density_they_are_of():
    generator = np.random.default_rng(0)
    samples, points = generator.normal(size=(2, 5000, 2))
    # A window of sigma over N(0, 1) is N(0, 1 + sigma^2).
    expected = norm(0, math.sqrt(1.04)).logpdf(points).sum(axis=1).mean()
    found = log_likelihood(samples, points, 0.2).mean()
    assert found == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("samples", "points", "sigma"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4)), 0.1),
        (np.zeros((0, 3)), np.zeros((2, 3)), 0.1),
        (np.zeros((2, 3)), np.zeros((0, 3)), 0.1),
        (np.zeros(3), np.zeros((2, 3)), 0.1),
        (np.zeros((2, 3)), np.zeros((2, 3)), 0),
        (np.zeros((2, 3)), np.zeros((2, 3)), math.nan),
        (np.zeros((2, 3)), np.full((2, 3), math.nan), 0.1),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 3)), 0.1),
    ],
)
def test_what_has_no_likelihood_is_refused(samples, points, sigma):
    with pytest.raises(ValueError):
        log_likelihood(samples, points, sigma)
