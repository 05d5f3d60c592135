"""Points of mixtures, as they are drawn and as `load` gives them."""

import itertools

import numpy as np
import pytest

from kgan.data import batches, load
from kgan.data.kinds import Points
from kgan.data.sources import points
from kgan.errors import UserError

MIXTURES = {"ring": points.ring(), "grid": points.grid()}
MODES = {"ring": 8, "grid": 25}


def quiet(_):
    """Take a line and drop it."""


def nearest(drawn, mixture):
    """The centre that each point is nearest to, and the points less that centre."""
    away = drawn[:, None] - mixture.centres
    which = np.hypot(away[..., 0], away[..., 1]).argmin(1)
    return which, drawn - mixture.centres[which]


def first(data, count, **options):
    feed = itertools.islice(batches(data, 100, **options), count)
    return np.concatenate([batch["real"].numpy() for batch in feed])


def test_the_mixtures():
    ring, grid = points.ring(), points.grid()
    radius = np.hypot(*ring.centres.T)
    assert len(ring.centres) == 8 and radius == pytest.approx(np.ones(8))
    apart = np.sort(np.hypot(*(ring.centres[:, None] - ring.centres).T), 1)[:, 1]
    assert apart == pytest.approx(2 * np.sin(np.pi / 8)), "8 different ones"
    assert len({tuple(c) for c in grid.centres}) == 25 and np.ptp(grid.centres) == 8
    wide = points.ring(0.01, count=5, radius=2.0)
    assert np.hypot(*wide.centres.T) == pytest.approx(np.full(5, 2.0))


def test_draws_of_a_mixture():
    ring = points.ring()
    drawn, other, again = (ring.draw(4000, [s, 0]).numpy() for s in (0, 1, 0))
    np.testing.assert_array_equal(drawn, again)
    assert drawn.shape == (4000, 2) and (drawn != other).any()
    which, away = nearest(drawn, ring)
    assert np.bincount(which, minlength=8).min() > 400, "each as likely"
    assert away.std() == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("name", MODES)
def test_a_mixture_by_name(name):
    said = []
    data = load(name, log=said.append)
    assert said == [
        f"{name}: points of {MODES[name]} normal distributions, drawn as they are needed"
    ]
    assert data.name == name and data.classes == () and len(data) == points.LENGTH
    assert data.spec["real"] == ((2,), "float32", Points())
    drawn = first(data, 50, seed=0)
    which, away = nearest(drawn, MIXTURES[name])
    assert set(which) == set(range(MODES[name])) and np.abs(away).max() < 0.3


@pytest.mark.parametrize("name", MODES)
def test_held_out_points_are_like_those_that_are_learnt(name):
    data = load(name, log=quiet)
    held = data.held_out["real"]
    assert held.shape == (points.HELD_OUT, 2) and held.dtype == np.float32
    which, _ = nearest(held, MIXTURES[name])
    assert set(which) == set(range(MODES[name]))
    test = load(name, split="test", log=quiet)
    np.testing.assert_array_equal(test["real"], held)
    assert test.held_out is None and test.fields == data.fields


@pytest.mark.parametrize("seed", [0, 1])
def test_held_out_points_are_learnt_by_no_run(seed):
    data = load("ring", log=quiet)
    seen = first(data, 3 * 50, seed=seed)
    held = data.held_out["real"][:100]
    least = np.abs(seen[:, None] - held).max(-1).min()
    # Of 1.5 million pairs some are near by chance, but none is the same.
    assert least > 1e-6


def test_points_are_no_images():
    with pytest.raises(UserError, match="image_size=32: ring holds points"):
        load("ring", image_size=32, log=quiet)
    with pytest.raises(UserError, match="channels=3: grid holds points"):
        load("grid", channels=3, log=quiet)
    with pytest.raises(UserError, match="split=val: ring has the splits train and"):
        load("ring", split="val", log=quiet)


def test_two_mixtures_have_two_digests():
    ring, grid = (load(name, log=quiet) for name in MODES)
    assert ring.digest() == load("ring", log=quiet).digest() != grid.digest()
