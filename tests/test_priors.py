"""Moments, bounds and seeds of p(z)."""

import math

import numpy as np
import pytest

from kgan.priors import Normal, Uniform

SHAPE = (4000, 10)
EVERY = [Normal(), Uniform(), Uniform(0.5)]


@pytest.mark.parametrize(
    ("prior", "deviation", "kurtosis"),
    [(Normal(), 1.0, 3.0), (Uniform(), 3**-0.5, 1.8), (Uniform(2.0), 2 * 3**-0.5, 1.8)],
)
def test_moments(prior, deviation, kurtosis):
    z = prior(SHAPE, (0, 1)).numpy()
    assert z.shape == SHAPE and z.dtype == np.float32
    assert z.mean() == pytest.approx(0.0, abs=0.03)
    assert z.std() == pytest.approx(deviation, rel=0.02)
    assert (z**4).mean() / z.var() ** 2 == pytest.approx(kurtosis, rel=0.05)
    # Independent coordinates: no correlation between any two.
    correlation = np.corrcoef(z.T) - np.eye(SHAPE[1])
    assert np.abs(correlation).max() < 0.07


@pytest.mark.parametrize("prior", EVERY)
@pytest.mark.parametrize("truncation", [None, 0.5])
def test_seeds(prior, truncation):
    first, again, other = (prior((5, 3), (0, s), truncation) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("bound", [0.1, 0.5, 1.0, 2.0])
def test_truncated_normal(bound):
    """N(0, 1) given |z| <= t: its variance is 1 - 2 t phi(t) / (2 Phi(t) - 1)."""
    z = Normal()(SHAPE, (0, 1), truncation=bound).numpy()
    assert np.isfinite(z).all()
    assert 0.98 * bound < np.abs(z).max() <= bound * (1 + 1e-5)
    density = math.exp(-(bound**2) / 2) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * bound * density / math.erf(bound / math.sqrt(2))
    assert z.var() == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize(
    ("half_width", "truncation", "edge"),
    [(1.0, None, 1.0), (1.0, 0.3, 0.3), (2.0, 0.5, 1.0), (1.0, 5.0, 1.0)],
)
def test_truncation_shrinks_the_cube(half_width, truncation, edge):
    z = Uniform(half_width)(SHAPE, (0, 1), truncation).numpy()
    assert 0.99 * edge < np.abs(z).max() <= edge


def test_config_rebuilds_it():
    assert Uniform.from_config(Uniform(0.5).get_config()).half_width == 0.5
    assert Normal.from_config(Normal().get_config()).get_config() == {}
