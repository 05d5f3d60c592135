"""How far things in a frame lie from where they should, in pixels."""

import numpy as np

GONE = 0.1  # of its light: what shows less of a thing does not show it


def centroid_errors(
    frames: np.ndarray, wanted: np.ndarray, centres: np.ndarray
) -> np.ndarray:
    """Returns the distance of each thing from its true place, float64 (m,), in pixels.

    A frame is divided among its things: each pixel belongs to the one whose true centre
    is nearest. The place of a thing is the mean place of the light of its part. One that
    shows less than a tenth of its light counts as half the side of the frame away.

    Args:
        frames: uint8 (n, H, W, 1), light on black.
        wanted: the true frames, of the same shape.
        centres: the true centres of k things, (n, k, 2), as (y, x). Things whose centres
            are less than a quarter of the side from another one are left out.

    Returns:
        The errors of the m things that are left.
    """
    height, width = frames.shape[1:3]
    grid = np.moveaxis(np.mgrid[:height, :width], 0, -1).astype(float)
    away = np.linalg.norm(grid[None, None] - centres[:, :, None, None], axis=-1)
    owner = away.argmin(1)
    apart = np.linalg.norm(centres[:, :, None] - centres[:, None], axis=-1)
    apart += np.where(np.eye(centres.shape[1], dtype=bool), np.inf, 0.0)
    alone = apart.min(2) >= min(height, width) / 4
    errors = []
    for number in range(centres.shape[1]):
        part = owner == number
        (mass, place), (light, true) = (
            _centre(one[..., 0] * part, grid) for one in (frames, wanted)
        )
        error = np.linalg.norm(place - true, axis=-1)
        error = np.where(mass < GONE * light, min(height, width) / 2, error)
        errors.append(error[alone[:, number]])
    return np.concatenate(errors)


def _centre(light, grid):
    """(all light of each frame (n,), its mean place (n, 2)); the place is 0 without."""
    mass = light.sum(axis=(1, 2)).astype(float)
    total = np.einsum("nyx,yxp->np", light.astype(float), grid)
    return mass, total / np.maximum(mass, 1e-9)[:, None]
