"""V = x y: the maps by hand, their rates, and the same orbits by kgan's own game."""

import numpy as np
import pytest

from kgan.experiments.theory import nash, orbits


def test_first_steps_by_hand():
    """From (1, 2) with h = 1/2."""
    first = {
        "simultaneous": (1 - 0.5 * 2, 2 + 0.5 * 1),
        "alternating": (1 - 0.5 * 2.5, 2.5),
        # Half a step ahead is (0, 2.5).
        "extragradient": (1 - 0.5 * 2.5, 2 + 0.5 * 0),
        # The pull of |w|^2 / 2 is w itself, times gamma = 0.3.
        "consensus": (1 - 0.5 * (2 + 0.3), 2 + 0.5 * (1 - 0.6)),
        # At rest before: twice the step, once back.
        "optimistic": (1 - 0.5 * 2, 2 + 0.5 * 1),
    }
    for name, expected in first.items():
        assert orbits.orbit(name, 0.5, 1, (1.0, 2.0))[1] == pytest.approx(expected)
    # The second of the optimistic: (0, 2.5) - h (2 v(0, 2.5) - v(1, 2)).
    second = orbits.orbit("optimistic", 0.5, 2, (1.0, 2.0))[2]
    assert second == pytest.approx((0 - 0.5 * (5 - 2), 2.5 + 0.5 * (0 - 1)))


@pytest.mark.parametrize("name", orbits.RULES)
@pytest.mark.parametrize("h", [0.05, 0.2, 0.4])
def test_rates_are_the_spectral_radii(name, h):
    radius = np.abs(np.linalg.eigvals(orbits.RULES[name](h))).max()
    assert orbits.rate(name, h) == pytest.approx(radius)
    grows = name == "simultaneous"
    assert (radius > 1 + 1e-9) == grows and (radius < 1 - 1e-9) == (
        name not in ("simultaneous", "alternating")
    )


@pytest.mark.parametrize("name", ["simultaneous", "extragradient", "consensus"])
def test_these_scale_the_radius_by_their_rate_at_every_step(name):
    radii = orbits.radius(orbits.orbit(name, 0.3, 20))
    assert radii == pytest.approx(2**0.5 * orbits.rate(name, 0.3) ** np.arange(21))


def test_alternating_play_stays_on_its_ellipse():
    points = orbits.orbit("alternating", 0.3, 3000)
    kept = orbits.energy(points, 0.3)
    assert kept == pytest.approx(np.full(3001, 2 + 0.3)), "x^2 + y^2 + h x y at (1, 1)"
    low, high = orbits.half_axes(0.3)
    assert low == pytest.approx(2**0.5), "(1, 1) lies on the shorter half axis"
    radii = orbits.radius(points)
    assert (radii.min(), radii.max()) == pytest.approx((low, high), rel=1e-4)


@pytest.mark.parametrize("name", ["simultaneous", "alternating"])
def test_the_game_of_kgan_follows_the_same_orbit(name):
    path = nash.played(name == "simultaneous", 0.2, steps=30)
    assert path == pytest.approx(orbits.orbit(name, 0.2, 30), abs=1e-5)


def test_long_rate():
    assert nash.long_rate(3 * 0.9 ** np.arange(50), 20) == pytest.approx(0.9)
