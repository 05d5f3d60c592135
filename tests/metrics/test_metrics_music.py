"""Measures of music, against chords and moves whose numbers are known."""

import numpy as np
import pytest

from kgan.metrics import music

C_MAJOR, INVERTED, A_MINOR = [72, 67, 64, 48], [76, 67, 60, 48], [72, 69, 64, 45]


def roll(*steps):
    return np.array([steps], np.uint8)


def test_chords_are_what_sounds_in_any_voice_and_octave():
    one, other, minor = music.chords(roll(C_MAJOR, INVERTED, A_MINOR))[0]
    assert one == other != minor
    made = roll(INVERTED, A_MINOR, C_MAJOR, C_MAJOR)
    assert music.known_chords(made, roll(C_MAJOR)) == 0.75


def test_parallels_by_hand():
    fifths = roll([67, 60], [69, 62], [69, 62], [71, 65])
    assert music.parallels(fifths) == pytest.approx(100 * 1 / 2), "two changes, one bad"
    octaves = roll([72, 48], [74, 50], [76, 52])
    assert music.parallels(octaves) == 100.0
    contrary = roll([67, 60], [74, 55])
    assert music.parallels(contrary) == 0.0, "they move apart"
    thirds = roll([64, 60], [65, 62])
    assert music.parallels(thirds) == 0.0
    assert music.parallels(roll(C_MAJOR, C_MAJOR)) == 0.0, "nothing changes"


def test_crossings_and_lengths():
    crossed = roll([60, 60], [60, 62], [64, 62], [64, 62])
    assert music.crossings(crossed) == 0.25
    # Notes of 2 and 2 steps above, of 1 and 3 below.
    assert music.long_notes(crossed, 2) == 0.75
    assert music.used_classes(roll([60], [72], [61], [62]), 2) == 1.5


def test_the_tonal_distance_of_voices():
    same = roll([60, 48], [60, 48])
    assert music.tonal_distance(same, 0, 1, 2) == pytest.approx(0.0, abs=1e-12)
    fifth, tritone = (
        music.tonal_distance(roll([60, low]), 0, 1, 1) for low in (53, 54)
    )
    assert 0 < fifth < tritone
    # Opposite on the circles of fifths and minor thirds, equal on that of major thirds.
    assert tritone == pytest.approx(np.sqrt(2**2 + 2**2), abs=1e-6)


def test_copies_in_any_key():
    train = roll(C_MAJOR, A_MINOR)
    assert music.copies(train + 3, train) == 1.0
    assert music.copies(roll(A_MINOR, C_MAJOR), train) == 0.0
    both = np.concatenate([train - 2, roll(A_MINOR, C_MAJOR)])
    assert music.copies(both, train) == 0.5
