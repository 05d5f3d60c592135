"""Finds pictures that are copies of each other, up to how they were saved."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kgan.data.checking.looks import luma

# Two pictures are alike if the means of 16x16 fields differ by no more than these levels
# of 255. What a file loses is spread over a picture; another face changes a few fields
# much. So a largest difference above the first limit may be that many times the root mean
# square, up to the second limit. JPEGs of quality 50 and more are found, and other sizes;
# people of another skin among emoji, and handwritten digits, are not.
FINE, COARSE = 16, 8
RMS = 5.0  # of brightness
BRIGHTNESS, COLOUR = (10.0, 16.0, 7.0), (25.0, 60.0, 8.0)
# The root mean square of pictures with hardly any contrast, by their standard deviation.
SHARE = 0.15
BLOCK = 8_000_000  # distances computed at once
PAIRS = 4096  # compared in full at once


def alike(pixels: np.ndarray) -> np.ndarray:
    """Returns a number for each picture, int (n,); copies have the same number.

    All are compared with all: first by means of 8x8 fields, whose distance is never
    larger than that of 16x16 fields, so that no pair is missed.

    Args:
        pixels: uint8 (n, S, S, C), S a multiple of 16.
    """
    if not len(pixels):
        return np.zeros(0, np.int64)
    colour = _means(pixels, FINE)
    grey = luma(colour)
    limits = np.minimum(RMS, SHARE * grey.std((1, 2)))
    # Around zero, so that squares of large numbers do not eat up small distances.
    coarse = _means(grey[..., None], COARSE).reshape(len(pixels), -1)
    coarse = coarse - coarse.mean(0)
    groups = np.arange(len(pixels))
    rows = max(1, BLOCK // len(pixels))
    for start in range(0, len(pixels), rows):
        first, second = _close(coarse, limits, start, rows)
        new = groups[first] != groups[second]
        first, second = first[new], second[new]
        same = _compared(colour, grey, limits, first, second)
        groups = _joined(groups, first[same], second[same])
    return groups


def _means(pixels, fields):
    """The means of fields x fields parts of pictures, float32 (n, fields, fields, C)."""
    count, side, _, channels = pixels.shape
    within = side // fields
    shape = count, fields, within, fields, within, channels
    return pixels.reshape(shape).mean((2, 4), dtype=np.float32)


def _close(coarse, limits, start, rows):
    """(first, second) of pairs with first < second that may be alike."""
    some, rest = coarse[start : start + rows], coarse[start:]
    lengths = (coarse**2).sum(1)
    squares = lengths[start : start + rows, None] + lengths[start:] - 2 * some @ rest.T
    bound = np.maximum.outer(limits[start : start + rows], limits[start:]) ** 2
    # A little more, for what rounding did to the squares.
    first, second = np.nonzero(squares <= (bound + 0.1) * coarse.shape[1])
    later = first < second
    return first[later] + start, second[later] + start


def _compared(colour, grey, limits, first, second):
    """Whether the pairs are alike."""
    found = [np.zeros(0, bool)]
    for start in range(0, len(first), PAIRS):
        a, b = first[start : start + PAIRS], second[start : start + PAIRS]
        light = np.abs(grey[a] - grey[b]).reshape(len(a), -1)
        hue = np.abs(colour[a] - colour[b]).reshape(len(a), -1)
        close = _rms(light) <= np.maximum(limits[a], limits[b])
        close &= _spread(light, *BRIGHTNESS) & _spread(hue, *COLOUR)
        found.append(close)
    return np.concatenate(found)


def _spread(differences, low, high, times):
    """Whether the largest of each row is small, or not much larger than the others."""
    most = differences.max(1)
    return (most <= low) | ((most <= high) & (most <= times * _rms(differences)))


def _rms(differences):
    return np.sqrt((differences**2).mean(1))


def _joined(groups, first, second):
    """The numbers after those of the pairs became one."""
    count = len(groups)
    if not len(first):
        return groups
    edges = coo_array(
        (np.ones(len(first), bool), (groups[first], groups[second])), (count, count)
    )
    return connected_components(edges, directed=False)[1][groups]
