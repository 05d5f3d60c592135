"""Grids of images as PNG and GIF."""

import textwrap
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kgan.files import replacing
from kgan.typing import PathLike

CELL = 40  # pixels; smaller images are enlarged to about this in a grid
LARGE_CELL = 96  # the same where a grid has few columns
TITLED_CELL = 128  # the same where a text stands below each image
GAP = 2
FRAME_MILLISECONDS = 100  # for which a frame of an animation is shown
LINE = 12  # height of a line in pixels
MOST_LINES = 5


def tile(images: np.ndarray, rows: int, columns: int, cell: int = CELL) -> np.ndarray:
    """Arranges images in a grid, row by row, and returns one picture (h, w, C).

    Small images are enlarged by a whole factor, to `cell` pixels at most. Each pixel
    becomes a square, so that an 8x8 digit can be seen and nothing is blurred.

    Args:
        images: uint8 (rows * columns, H, W, C).
        rows: of the grid.
        columns: of the grid.
        cell: largest side in pixels to which a small image is enlarged.
    """
    images = _enlarged(images, cell)
    _, height, width, channels = images.shape
    shape = (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, channels)
    picture = np.full(shape, 128, np.uint8)
    for i, image in enumerate(images):
        top = GAP + i // columns * (height + GAP)
        left = GAP + i % columns * (width + GAP)
        picture[top : top + height, left : left + width] = image
    return picture


def titled(
    images: np.ndarray, titles: Sequence[str], cell: int = TITLED_CELL
) -> np.ndarray:
    """Returns images with a text below each, uint8 (n, H, W, 3), for `tile`.

    Small images are enlarged as `tile` does it, so give it a `cell` of 1. A text of more
    than `MOST_LINES` lines ends in "...".

    Args:
        images: uint8 (n, H, W, 1 or 3).
        titles: n texts.
        cell: largest side in pixels to which a small image is enlarged.
    """
    images = _enlarged(images, cell)
    width = images.shape[2]
    font = ImageFont.load_default(10)
    texts = [_wrapped(title, width - 2, font) for title in titles]
    height = LINE * max(map(len, texts), default=0) + 2
    strips = []
    for lines in texts:
        strip = Image.new("RGB", (width, height), "white")
        ImageDraw.Draw(strip).multiline_text(
            (2, 0), "\n".join(lines), "black", font, spacing=0
        )
        strips.append(np.asarray(strip))
    colour = np.broadcast_to(images, (*images.shape[:3], 3))
    return np.concatenate([colour, np.stack(strips)], axis=1)


def _wrapped(title, width, font):
    """A text in lines of about `width` pixels, by the mean width of its letters."""
    letters = int(width * len(title) / max(1.0, font.getlength(title)))
    return textwrap.wrap(
        title, max(4, letters), max_lines=MOST_LINES, placeholder="..."
    )


def save_png(path: PathLike, picture: np.ndarray) -> None:
    """Writes a picture, uint8 (H, W, C), as PNG; C is 1, 3, or 4 with transparency."""
    with replacing(path) as temporary:
        _pillow(picture).save(temporary)


def save_gif(
    path: PathLike, paths: Sequence[PathLike], milliseconds: int = 150, most: int = 100
) -> None:
    """Writes a GIF animation of PNG files.

    Args:
        path: of the GIF.
        paths: of the PNG files, in order.
        milliseconds: for which each is shown; the last one ten times as long.
        most: frames at most, chosen evenly from `paths`.
    """
    chosen = np.unique(
        np.linspace(0, len(paths) - 1, min(most, len(paths))).astype(int)
    )
    holds = [milliseconds] * (len(chosen) - 1) + [10 * milliseconds]
    _save_gif(path, [Image.open(paths[i]) for i in chosen], holds)


def save_animation(
    path: PathLike, frames: np.ndarray, milliseconds: int = FRAME_MILLISECONDS
) -> None:
    """Writes frames, uint8 (n, H, W, 1 or 3), as a GIF that repeats without end.

    Grey frames are kept exactly; colours become those of a palette. Equal frames that
    follow each other become one that is shown for longer.

    Args:
        path: of the GIF.
        frames: in their order.
        milliseconds: for which each is shown.
    """
    _save_gif(path, list(map(_pillow, frames)), milliseconds)


def _save_gif(path, frames, durations):
    with replacing(path) as temporary:
        frames[0].save(
            temporary,
            "GIF",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
        )


def _enlarged(images, cell):
    """The images enlarged by a whole factor, to `cell` pixels at most."""
    images = np.asarray(images)
    factor = max(1, cell // max(images.shape[1:3]))
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def _pillow(picture):
    picture = np.asarray(picture)
    return Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
