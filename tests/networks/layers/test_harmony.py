"""Intervals and beginnings of notes by hand; the same in every key."""

import numpy as np

from kgan.networks.layers.harmony import CLASSES, Harmony


def rolls(steps, pitches=30):
    """One-hot rolls (1, T, V, P) of lists of numbers of pitches, 0 is silence."""
    return np.eye(pitches, dtype="float32")[np.array([steps])]


def parts(steps):
    """What the layer gives: (changes, intervals (T, pairs, 12), distances, parallels)."""
    x = rolls(steps)
    voices, pitches = x.shape[2:]
    found = np.asarray(Harmony()(x)[0])[0, :, 0]
    changes, rest = found[:, : voices * pitches], found[:, voices * pitches :]
    pairs = voices * (voices - 1) // 2
    intervals = rest[:, : pairs * CLASSES].reshape(len(steps), pairs, CLASSES)
    apart, parallel = np.split(rest[:, pairs * CLASSES :], [pairs], 1)
    return (
        changes.reshape(len(steps), voices, pitches),
        intervals,
        apart,
        parallel.reshape(len(steps), pairs, CLASSES),
    )


def test_by_hand():
    """Of three voices, the second a fifth and the third an octave and a third away."""
    changes, intervals, apart, _ = parts([[20, 27, 4], [20, 25, 4], [0, 25, 4]])
    # The pairs (0, 1), (0, 2), (1, 2): 27 - 20 = 7, 4 - 20 = -16, 4 - 27 = -23.
    assert intervals[0].argmax(-1).tolist() == [7, -16 % 12, -23 % 12]
    assert intervals[0].sum(-1).tolist() == [1, 1, 1]
    assert intervals[2].sum(-1).tolist() == [0, 0, 1]  # nothing lies over a silence
    np.testing.assert_allclose(apart[0], np.array([-7, 16, 23]) / 12, rtol=1e-6)
    assert not changes[0].any() and not changes[1, [0, 2]].any()
    assert (changes[1, 1, 25], changes[1, 1, 27]) == (1, -1)
    assert (changes[2, 0, 0], changes[2, 0, 20]) == (1, -1)


def test_intervals_are_the_same_in_every_key():
    piece = np.array([[20, 13, 8], [18, 13, 4], [15, 14, 3]])
    _, intervals, apart, parallel = parts(piece)
    _, higher, as_far, as_parallel = parts(piece + 5)
    np.testing.assert_allclose(intervals, higher, atol=1e-6)
    np.testing.assert_allclose(apart, as_far, atol=1e-6)
    np.testing.assert_allclose(parallel, as_parallel, atol=1e-6)


def test_parallel_motion():
    """Fifths one after the other; then one voice holds; then both hold."""
    *_, parallel = parts([[20, 13], [22, 15], [22, 27], [22, 27], [21, 16]])
    # Intervals: -7, -7, 5, 5, -5; only the second is kept by two voices that move.
    assert parallel[1, 0].argmax() == -7 % 12 and parallel[1].sum() == 1
    assert not parallel[[0, 2, 3, 4]].any()


def test_parallel_motion_is_counted_where_it_is_likely():
    """Two pieces, with fifths that follow fifths, twice and once."""
    one = rolls([[20, 13], [22, 15], [23, 16], [23, 11]])
    two = rolls([[20, 13], [20, 13], [22, 15], [22, 14]])
    counts = np.asarray(Harmony()(np.concatenate([one, two]))[1])
    wanted = np.zeros((2, 12))
    wanted[:, -7 % 12] = 2, 1
    np.testing.assert_allclose(counts, wanted, atol=1e-6)
    unsettled = np.asarray(Harmony()((one + two) / 2)[1])
    assert not unsettled.any()


def test_shares_are_shares_of_intervals():
    """Two voices, each with two pitches at a half: four intervals at a quarter each."""
    x = 0.5 * (rolls([[10, 10]]) + rolls([[12, 14]]))
    found = np.asarray(Harmony()(x)[0])[0, 0, 0, 60:72]
    # From 10 to 10: 0, 10 to 14: 4, 12 to 10: -2, 12 to 14: 2.
    wanted = np.zeros(12)
    wanted[[0, 4, 10, 2]] = 0.25
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_single_voice_has_no_intervals():
    seen, counts = Harmony()(rolls([[3], [4]]))
    assert seen.shape == (1, 2, 1, 30) and counts.shape == (1, 0)
