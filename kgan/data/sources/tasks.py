"""Tasks: what is removed from a picture, which a translation learns to restore.

Each task maps uint8 images (n, H, W, C) to uint8 images (n, H, W, C').
"""

import numpy as np
import scipy.ndimage
from PIL import Image

SHRINKS = 4  # superresolve: by which factor a picture is made smaller
HOLE, HOLE_GREY = 0.5, 128  # complete: the hole's share of a side, and its colour
STRONG = 0.25  # edges: of the steepest slope of a picture, what still is an edge


def colourise(pixels: np.ndarray) -> np.ndarray:
    """Returns the images in grey (luma, ITU-R 601), one channel."""
    return np.stack([_grey(one) for one in pixels])[..., None]


def edges(pixels: np.ndarray) -> np.ndarray:
    """Returns the outlines of the images, dark on white, one pixel wide, one channel.

    An outline is where the slope of the smoothed grey picture is steep, and steepest
    across the edge (Canny 1986 without the hysteresis).
    """
    return np.stack([_outline(_grey(one)) for one in pixels])[..., None]


def complete(pixels: np.ndarray) -> np.ndarray:
    """Returns the images with a grey hole in the middle, half as high and as wide."""
    starts = [round(side * (1 - HOLE) / 2) for side in pixels.shape[1:3]]
    rows, columns = (slice(start, -start or None) for start in starts)
    holed = pixels.copy()
    holed[:, rows, columns] = HOLE_GREY
    return holed


def superresolve(pixels: np.ndarray) -> np.ndarray:
    """Returns the images without details: shrunk four times and enlarged again."""
    size = pixels.shape[2:0:-1]  # width and height, as Pillow takes them
    small = [max(1, side // SHRINKS) for side in size]

    def blur(one):
        picture = Image.fromarray(one.squeeze(-1) if one.shape[-1] == 1 else one)
        little = picture.resize(small, Image.Resampling.BOX)
        large = little.resize(size, Image.Resampling.BICUBIC)
        return np.asarray(large).reshape(one.shape)

    return np.stack([blur(one) for one in pixels])


TASKS = {
    "edges": edges,
    "colourise": colourise,
    "complete": complete,
    "superresolve": superresolve,
}


def _grey(image):
    if image.shape[-1] == 1:
        return image[..., 0]
    return np.asarray(Image.fromarray(image).convert("L"))


def _outline(grey):
    smooth = scipy.ndimage.gaussian_filter(
        grey.astype(np.float32), max(1, min(grey.shape) / 64)
    )
    down, right = (scipy.ndimage.sobel(smooth, axis) for axis in (0, 1))
    slope = np.hypot(down, right)
    # Its neighbours across the edge, to the nearest of four directions.
    angle = np.round(np.arctan2(down, right) / (np.pi / 4)).astype(int) % 4
    padded = np.pad(slope, 1)
    rows, columns = np.indices(slope.shape) + 1
    steps = np.array([(0, 1), (1, 1), (1, 0), (1, -1)])[angle]
    ahead = padded[rows + steps[..., 0], columns + steps[..., 1]]
    behind = padded[rows - steps[..., 0], columns - steps[..., 1]]
    # Of two that are equally steep one is enough.
    line = (slope >= ahead) & (slope > behind) & (slope > STRONG * slope.max())
    return np.where(line, 0, 255).astype(np.uint8)
