"""Checks of images and features before they are measured."""

import numpy as np
from numpy.typing import ArrayLike

from kgan.errors import UserError


def checked_features(features: ArrayLike, at_least: int = 1) -> np.ndarray:
    """Returns the features as an array (N, d), float32 or float64 as given.

    Raises ValueError where they are no matrix, fewer than `at_least` or not
    finite.
    """
    features = np.asarray(features)
    if features.dtype not in (np.float32, np.float64):
        features = features.astype(np.float64)
    if features.ndim != 2 or features.shape[1] == 0:
        raise ValueError(f"features must be (N, d), not {features.shape}")
    if len(features) < at_least:
        raise ValueError(f"{len(features)} samples; at least {at_least} are needed")
    if not np.isfinite(features).all():
        raise ValueError("a feature is not finite")
    return features


def check_widths(*features: np.ndarray) -> None:
    """Raises ValueError unless all of the arrays (N, d) have the same d."""
    widths = [array.shape[1] for array in features]
    if len(set(widths)) > 1:
        raise ValueError(f"features of different lengths: {widths}")


def check_images(images: np.ndarray) -> None:
    """Raises UserError unless `images` is uint8 (N, H, W, 1 or 3)."""
    shape = images.shape
    if images.dtype != np.uint8 or len(shape) != 4 or shape[3] not in (1, 3):
        raise UserError(
            "images", f"must be uint8 (N, H, W, 1 or 3), not {images.dtype} {shape}"
        )
