"""Handwritten digits that come with scikit-learn: 1,797 grey 8x8 images, no network."""

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding import picture
from kgan.data.decoding.size import Shape
from kgan.data.sources.arrays import images
from kgan.errors import UserError

# The set is ordered by writer: what is held out is mostly by other hands.
SPLITS = {"train": slice(0, 1437), "test": slice(1437, None)}


def load_digits(split: str, shape: Shape) -> Dataset:
    """Returns the digits 0 to 9 in a `Shape`; paper is 0 and ink is 255."""
    from sklearn import datasets

    if split not in SPLITS:
        raise UserError(f"split={split}", "the digits have the splits train and test")
    source, rows = datasets.load_digits(), SPLITS[split]
    # The source counts ink from 0 to 16.
    pixels = np.round(source.images[rows] * (255 / 16)).astype(np.uint8)[..., None]
    channels = shape.channels or 1
    pixels = picture.squares(pixels, shape.chosen([(8, 8)]), channels)
    names = tuple(map(str, range(10)))
    return images(pixels, source.target[rows], name="digits", classes=names)
