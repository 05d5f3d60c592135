"""Measures of single pictures, by which blank and blurred ones are found."""

import numpy as np

# Standard deviation, in levels of 255. Photographs and drawings have 10 and more.
BLANK = 4.0
# Radians per pixel of pictures of 64x64. Photographs and drawings have 0.95 and more;
# blurred by a Gaussian of 4/128 of their side, nearly all have less than 0.65.
BLURRED = 0.7
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
ROWS = 1024  # pictures measured at once


def luma(pixels: np.ndarray) -> np.ndarray:
    """Returns the brightness of pictures (..., 1 or 3), float32 (...)."""
    if pixels.shape[-1] == 1:
        return pixels[..., 0].astype(np.float32)
    return pixels.astype(np.float32) @ LUMA


def spread(pixels: np.ndarray) -> np.ndarray:
    """Returns the standard deviation of the brightness of each picture, (n,).

    Args:
        pixels: uint8 (n, H, W, C).
    """
    return _each(pixels, lambda grey: grey.std((1, 2)))


def detail(pixels: np.ndarray) -> np.ndarray:
    """Returns the root mean square frequency of each picture, in radians per pixel, (n,).

    It is the square root of the mean of (second differences)^2 over that of (first
    differences)^2, across and down. It does not depend on contrast, and a blur with
    standard deviation s lowers it to about 1/s.

    Args:
        pixels: uint8 (n, H, W, C).
    """

    def frequency(grey):
        ends = []
        for order in (2, 1):
            across, down = (np.diff(grey, order, axis=axis) for axis in (2, 1))
            ends.append((across**2).mean((1, 2)) + (down**2).mean((1, 2)))
        # One picture without any difference is blank, and as blurred as can be.
        return np.sqrt(ends[0] / np.maximum(ends[1], 1e-6))

    return _each(pixels, frequency)


def _each(pixels, measure):
    parts = [
        measure(luma(pixels[start : start + ROWS]))
        for start in range(0, len(pixels), ROWS)
    ]
    return np.concatenate([*parts, np.empty(0, np.float32)])
