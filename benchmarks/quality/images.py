"""The images of a race: those to learn from, those held out, and other sizes of both."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kgan.errors import UserError

FOLDERS = "KGAN_IMAGES_DIR"


@dataclass(frozen=True)
class Images:
    """All images of a race, uint8 (n, H, W, C), with labels, int32 (n,).

    Attributes:
        pixels, labels: that contenders learn from, without the labels.
        test_pixels, test_labels: that nobody learns from.
        classes: how many there are.
    """

    pixels: np.ndarray
    labels: np.ndarray
    test_pixels: np.ndarray
    test_labels: np.ndarray
    classes: int


def load(race, log=print):
    """Returns the `Images` of a race.

    Raises:
        UserError: they cannot be found, or have no test part.
    """
    from kgan import data

    name = race.name
    if race.folder:
        root = os.environ.get(FOLDERS)
        if not root:
            raise UserError(
                f"--data={name}", f"lies in a folder of ${FOLDERS}", "set the variable"
            )
        name = Path(root) / name
    trained = data.load(
        name, image_size=race.shape[:2], channels=race.shape[2], log=log
    )
    held_out = data.load_held_out(name, trained, log=log)
    if held_out is None or not trained.classes:
        raise UserError(f"--data={race.name}", "needs classes, and a part to test on")
    return Images(
        np.asarray(trained["real"]),
        np.asarray(trained["label"]),
        np.asarray(held_out["real"]),
        np.asarray(held_out["label"]),
        len(trained.classes),
    )


def enlarged(pixels, side):
    """Returns square images of another side, uint8 (n, side, side, C), without loss.

    Each pixel becomes a block of as many as fit, and black is added around the image:
    `reduced` gives the images back, so real ones have the scores of untouched ones.
    """
    times, border = _fit(pixels.shape[1], side)
    large = pixels.repeat(times, 1).repeat(times, 2)
    around = (border, side - large.shape[1] - border)
    return np.pad(large, ((0, 0), around, around, (0, 0)))


def reduced(pixels, side):
    """Returns what `enlarged` images of the side `side` were: the means of the blocks."""
    times, border = _fit(side, pixels.shape[1])
    inner = slice(border, border + times * side)
    blocks = pixels[:, inner, inner].reshape(len(pixels), side, times, side, times, -1)
    return np.rint(blocks.mean((2, 4))).astype(np.uint8)


def _fit(small, large):
    """(the side of the block that a pixel becomes, the width of the frame's first side).

    Of an image with the side `small` inside one with the side `large`.
    """
    times = large // small
    return times, (large - times * small) // 2
