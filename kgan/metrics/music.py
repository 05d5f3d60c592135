"""Measures of music for several voices: harmony, voice leading, and what is copied.

A roll is an array of MIDI pitches, (steps, voices), the highest voice first; several are
(n, steps, voices). No voice is silent.
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np

PERFECT = (0, 7)  # semitones between voices, without octaves: octaves and fifths
# Positions of the twelve pitch classes on circles of fifths, minor and major thirds.
CIRCLES = ((7 * np.pi / 6, 1.0), (3 * np.pi / 2, 1.0), (2 * np.pi / 3, 0.5))


def chords(rolls: np.ndarray) -> np.ndarray:
    """Returns the chord of each step, int64 (n, steps): a number for its pitch classes.

    Equal numbers mean equal multisets of pitch classes, in any octave and voice.
    """
    classes = np.sort(np.asarray(rolls, np.int64) % 12, axis=-1)
    return classes @ (12 ** np.arange(classes.shape[-1]))


def known_chords(rolls: np.ndarray, train: np.ndarray) -> float:
    """Returns the share of steps whose chord occurs in `train`."""
    return float(np.isin(chords(rolls), np.unique(chords(train))).mean())


def parallels(rolls: np.ndarray) -> float:
    """Returns parallel fifths and octaves of two voices, for 100 changes of the chord.

    Two voices are parallel where both move in one direction, and are a perfect fifth, an
    octave or a unison apart before and after, or those and more octaves.
    """
    rolls = np.asarray(rolls, int)
    moves = np.diff(rolls, axis=1)
    count = 0
    for a, b in combinations(range(rolls.shape[2]), 2):
        apart = np.abs(rolls[..., a] - rolls[..., b]) % 12
        together = moves[..., a] * moves[..., b] > 0
        for perfect in PERFECT:
            same = (apart[:, 1:] == perfect) & (apart[:, :-1] == perfect)
            count += int((together & same).sum())
    return 100.0 * count / max(1, int(moves.any(axis=2).sum()))


def crossings(rolls: np.ndarray) -> float:
    """Returns the share of steps in which a voice lies below the next lower one."""
    return float((np.diff(np.asarray(rolls, int), axis=2) > 0).any(axis=2).mean())


def used_classes(rolls: np.ndarray, bar: int) -> float:
    """Returns the pitch classes that a voice uses in a bar of `bar` steps, a mean."""
    rolls = np.asarray(rolls)
    bars = rolls[:, : rolls.shape[1] // bar * bar].reshape(-1, bar, rolls.shape[2]) % 12
    used = (bars[:, :, None] == np.arange(12)[:, None]).any(axis=1)
    return float(used.sum(axis=1).mean())


def long_notes(rolls: np.ndarray, least: int) -> float:
    """Returns the share of notes of at least `least` steps; equal pitches are one note."""
    lengths = []
    for voice in np.asarray(rolls).swapaxes(1, 2).reshape(-1, rolls.shape[1]):
        ends = np.flatnonzero(np.diff(voice)) + 1
        lengths.append(np.diff(np.array([0, *ends, len(voice)])))
    return float((np.concatenate(lengths) >= least).mean())


def tonal_distance(rolls: np.ndarray, a: int, b: int, beat: int) -> float:
    """Returns the tonal distance of two voices (Harte 2006), a mean over beats.

    The pitch classes of a beat of `beat` steps are a point on three circles, of fifths,
    minor thirds and major thirds.
    """
    rolls = np.asarray(rolls)
    beats = rolls[:, : rolls.shape[1] // beat * beat].reshape(-1, beat, rolls.shape[2])
    first, second = (_centroid(beats[:, :, voice]) for voice in (a, b))
    return float(np.linalg.norm(first - second, axis=1).mean())


def _centroid(pitches):
    """The tonal centroid of each row of pitches, (n, 6)."""
    classes = (pitches[..., None] % 12 == np.arange(12)).mean(axis=1)
    points = [
        radius * wave(angle * np.arange(12))
        for angle, radius in CIRCLES
        for wave in (np.sin, np.cos)
    ]
    return classes @ np.stack(points, -1)


def copies(rolls: np.ndarray, train: np.ndarray) -> float:
    """Returns the share of rolls that occur in `train`, in any key."""
    known = set(_keyless(train))
    return sum(one in known for one in _keyless(rolls)) / len(rolls)


def _keyless(rolls) -> Iterable[bytes]:
    """Each roll as bytes that are the same in all keys."""
    rolls = np.asarray(rolls, np.int16)
    flat = rolls.reshape(len(rolls), -1)
    return ((one - one[0]).tobytes() for one in flat)
