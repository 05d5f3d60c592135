"""Arrays with which a layer reads intervals off one-hot pitches.

A one-hot pitch has P numbers: number 0 is silence, the others are pitches in half tones from
the lowest of a voice on. An interval is thus the true one up to a number for each two voices.
"""

import numpy as np

CLASSES = 12  # of pitches, an octave


def fold(pitches: int) -> np.ndarray:
    """Returns what folds P one-hot pitches to their 12 classes, float32 (P, 12).

    Silence has no class.
    """
    found = np.zeros((pitches, CLASSES), "float32")
    found[np.arange(1, pitches), np.arange(pitches - 1) % CLASSES] = 1
    return found


def between() -> np.ndarray:
    """Returns the interval from one class to another, one-hot float32 (12, 12, 12)."""
    one, other = np.indices((CLASSES, CLASSES))
    return np.eye(CLASSES, dtype="float32")[(other - one) % CLASSES]


def above(pitches: int) -> np.ndarray:
    """Returns which of 2 P - 1 intervals leads from a pitch to another, int32 (P, P).

    Interval P - 1 is none at all. Where one of the two is silent, the number is 2 P - 1.
    """
    one, other = np.indices((pitches, pitches))
    found = other - one + pitches - 1
    found[0], found[:, 0] = 2 * pitches - 1, 2 * pitches - 1
    return found.astype("int32")
