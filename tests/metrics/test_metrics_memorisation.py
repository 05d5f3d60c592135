"""Memorisation: copies are found, fresh draws are not accused."""

import math

import numpy as np
import pytest

from kgan.metrics import memorisation_report


def draws(*counts, width=8):
    """Independent draws of N(0, I), one array (count, width) for each count."""
    generator = np.random.default_rng(0)
    return [generator.normal(size=(count, width)) for count in counts]


def test_three_numbers_by_hand():
    # To the training images 0 and 10: 1, 4, 2; to the others, 3 and 17: 2, 3, 5.
    generated, train, held_out = [[1.0], [6.0], [12.0]], [[0.0], [10.0]], [[3], [17.0]]
    found = memorisation_report(generated, train, held_out)
    assert found["level"] == 0.5
    assert found["ratio"] == pytest.approx(2 / 3)
    assert found["closest"] == [(0, 0), (2, 1), (1, 1)]


def test_fresh_draws_are_about_as_near_to_both():
    found = memorisation_report(*draws(1000, 3000, 1000))
    low, high = found["interval"]
    assert low < found["ratio"] < high
    assert found["ratio"] == pytest.approx(1, abs=0.1)
    assert found["level"] == pytest.approx(1 / 6)


@pytest.mark.parametrize("held", [300, 1000, 3000, 4000])
def test_copies_are_found_however_many_images_are_held_out(held):
    train, held_out = draws(3000, held)
    chosen = np.random.default_rng(1).integers(3000, size=800)
    copies = train[chosen] + 1e-4 * np.random.default_rng(2).normal(size=(800, 8))
    found = memorisation_report(copies.astype(np.float32), train, held_out)
    assert found["ratio"] < 0.01
    assert found["interval"][1] < 0.5
    assert len(found["closest"]) == 10
    assert all(chosen[copy] == original for copy, original in found["closest"])


def test_distances_to_memory_are_told_by_the_ratio():
    train, held_out = draws(1000, 1000)
    near = train + 0.1 * np.random.default_rng(1).normal(size=train.shape)
    nearer = train + 0.01 * np.random.default_rng(1).normal(size=train.shape)
    first = memorisation_report(near, train, held_out)
    second = memorisation_report(nearer, train, held_out)
    assert second["ratio"] == pytest.approx(first["ratio"] / 10, rel=0.05)
    assert first["interval"][1] < 0.5


def test_the_seed_draws_the_subset_and_not_the_closest():
    sets = draws(100, 500, 50)
    first, again = (memorisation_report(*sets, seed=1) for _ in range(2))
    assert first == again
    other = memorisation_report(*sets, seed=2)
    assert other["ratio"] != first["ratio"]
    assert other["closest"] == first["closest"]


def test_copies_of_both_have_no_ratio_and_are_no_error():
    same = np.ones((20, 3))
    assert math.isnan(memorisation_report(same, same, same)["ratio"])
    found = memorisation_report(same + 1, same, same + 1)
    assert (found["ratio"], found["interval"]) == (math.inf, (math.inf, math.inf))


@pytest.mark.parametrize(
    "changes",
    [
        {"generated": np.zeros((0, 2))},
        {"train": np.zeros((0, 2))},
        {"held_out": np.zeros((4, 3))},
        {"held_out": np.full((4, 2), np.nan)},
    ],
)
def test_what_has_no_distances_is_refused(changes):
    sets = {name: np.zeros((4, 2)) for name in ("generated", "train", "held_out")}
    with pytest.raises(ValueError):
        memorisation_report(**(sets | changes))


def test_copies_of_images_of_which_a_part_is_at_hand():
    """Half of the copies have no original among them; that is what `total` tells."""
    generator = np.random.default_rng(0)
    every, held_out = (generator.normal(size=(n, 8)) for n in (400, 200))
    copies = every[generator.integers(400, size=300)]
    report = memorisation_report(copies, every[::2], held_out, total=400)
    assert report["level"] == 0.25 and report["ratio"] == 0.0
    assert memorisation_report(copies, every[::2], held_out)["ratio"] > 0.3
