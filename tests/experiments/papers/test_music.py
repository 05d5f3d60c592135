"""The baselines of the table of music, which know what the GANs have to learn."""

from itertools import pairwise

import numpy as np

from kgan.experiments.papers import music


def train(n=60):
    """Windows in which each chord has one successor, and voices move together."""
    random = np.random.default_rng(0)
    first = random.integers(0, 4, (n, 1))
    steps = (first + np.arange(8)) % 4
    chords = np.array([[72, 67, 60, 48], [74, 69, 62, 50], [76, 67, 64, 48], [71] * 4])
    return chords[steps].astype(np.uint8)


def test_a_chain_follows_the_chords_that_it_has_seen():
    real = train()
    made = music.chained(real, 50, seed=1)
    assert made.shape == (50, 8, 4)
    known = {(tuple(a), tuple(b)) for one in real for a, b in pairwise(one)}
    assert {(tuple(a), tuple(b)) for one in made for a, b in pairwise(one)} <= known
    assert len(np.unique(made[:, 0], axis=0)) == 4
    np.testing.assert_array_equal(made, music.chained(real, 50, seed=1))


def test_mixed_voices_come_from_different_windows():
    real = train()
    made = music.mixed(real, 100, seed=1)
    assert made.shape == (100, 8, 4)
    for voice in range(4):
        own = {one.tobytes() for one in real[:, :, voice]}
        assert {one.tobytes() for one in made[:, :, voice]} <= own
    assert not {one.tobytes() for one in made} <= {one.tobytes() for one in real}


def test_scores_have_the_names_of_the_columns():
    real = train()
    found = music.scores(*[np.tile(real, (1, 2, 1))] * 3)
    assert {*found, "nats"} == {*music.COLUMNS}
    assert found["chords in train"] == found["copies"] == 1.0
    rows = {row.name for row in music.TABLE.rows}
    assert {one.row for one in music.TABLE.targets} <= rows
