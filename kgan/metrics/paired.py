"""How close images are to given ones, pair by pair; and how sharp images are."""

from typing import Any

import numpy as np
import tensorflow as tf

from kgan.metrics.checks import check_images

BATCH = 500
WINDOW = 11


def paired_report(images: np.ndarray, wanted: np.ndarray) -> dict[str, Any]:
    """Measures how far `images` are from `wanted`, both uint8 (N, H, W, 1 or 3).

    Row i of one is compared with row i of the other. Returns a dict:
        L1: mean |a - b| over all numbers, as a share of the range of 255.
        PSNR: 10 log10(255^2 / mean squared error of all numbers), dB; inf where
            nothing differs. It is pooled: one perfect image does not make it infinite.
        SSIM: mean structural similarity (Wang et al. 2004) of the pairs, at most 1,
            with its window of 11 pixels, or the side's where that is smaller.

    Raises UserError for arrays that are no images and ValueError for shapes that
    differ or no images.
    """
    for one in (images, wanted):
        check_images(one)
    if images.shape != wanted.shape or not len(images):
        raise ValueError(f"no pairs: {images.shape} and {wanted.shape}")
    window = min(WINDOW, *images.shape[1:3])
    absolute, squared, similar = 0.0, 0.0, 0.0
    for start in range(0, len(images), BATCH):
        some = slice(start, start + BATCH)
        a, b = (one[some].astype(np.float32) for one in (images, wanted))
        absolute += float(np.abs(a - b).sum(dtype=np.float64))
        squared += float(np.square(a - b).sum(dtype=np.float64))
        similar += float(tf.image.ssim(a, b, 255, filter_size=window).numpy().sum())
    with np.errstate(divide="ignore"):
        noise = 10 * np.log10(255**2 / np.float64(squared / images.size))
    return {
        "L1": absolute / images.size / 255,
        "PSNR": float(noise),
        "SSIM": similar / len(images),
    }


def sharpness(images: np.ndarray) -> float:
    """Returns the mean length of the gradient, in values of 0..255 per pixel.

    The gradient of each pixel and channel is its differences to the pixel below and to
    the one at the right; `images` is uint8 (N, H, W, 1 or 3). Divide it by that of real
    images: below 1 is blurred, above 1 is noisy. Raises UserError for
    arrays that are no images and ValueError for images of less than 2x2 pixels or
    none.
    """
    check_images(images)
    if not len(images) or min(images.shape[1:3]) < 2:
        raise ValueError(f"no differences in images of shape {images.shape}")
    total, count = 0.0, 0
    for start in range(0, len(images), BATCH):
        x = images[start : start + BATCH].astype(np.float32)
        down, right = x[:, 1:, :-1] - x[:, :-1, :-1], x[:, :-1, 1:] - x[:, :-1, :-1]
        slope = np.hypot(down, right)
        total, count = total + float(slope.sum(dtype=np.float64)), count + slope.size
    return total / count


def gradient_sharpness(images: np.ndarray, wanted: np.ndarray) -> float:
    """Returns the sharpness of Mathieu 2015, section 4, in dB: more is nearer to `wanted`.

    It is 10 log10(255^2 / mean |s(wanted) - s(images)|), where s of a pixel is the sum of
    the absolute differences to the pixel above and to the one at the left; inf where
    nothing differs. Both are uint8 (N, H, W, 1 or 3). Raises UserError for arrays that
    are no images and ValueError for shapes that differ or no images.
    """
    for one in (images, wanted):
        check_images(one)
    if images.shape != wanted.shape or not len(images):
        raise ValueError(f"no pairs: {images.shape} and {wanted.shape}")
    made, true = (_slopes(one.astype(np.float32)) for one in (images, wanted))
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(255**2 / np.mean(np.abs(made - true))))


def _slopes(x):
    here = x[:, 1:, 1:]
    return np.abs(here - x[:, :-1, 1:]) + np.abs(here - x[:, 1:, :-1])
