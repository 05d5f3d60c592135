"""The images of a race: those to learn from, those held out, and other sizes of both."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

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


def resized(pixels, side):
    """Returns images of another side, uint8 (n, side, side, C), by a bilinear filter.

    As torchvision's `Resize` does it, the filter grows where images become smaller.
    """
    if pixels.shape[1:3] == (side, side):
        return pixels
    grey = pixels.shape[3] == 1
    found = [
        np.asarray(
            Image.fromarray(one[..., 0] if grey else one).resize(
                (side, side), Image.Resampling.BILINEAR
            )
        )
        for one in pixels
    ]
    return np.stack(found).reshape(len(pixels), side, side, pixels.shape[3])
