"""Handwritten digits that come with scikit-learn: 1,797 grey 8x8 images, no network."""

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding.picture import Transform, fitted
from kgan.data.decoding.size import Shape
from kgan.data.sources.arrays import images
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.typing import Log

# The set is ordered by writer: what is held out is mostly by other hands.
SPLITS = {"train": slice(0, 1437), "test": slice(1437, None)}


def load_digits(split: str, shape: Shape, log: Log) -> Dataset:
    """Returns the digits 0 to 9 in a `Shape`; paper is 0 and ink is 255."""
    from sklearn import datasets

    if split not in SPLITS:
        raise UserError(f"split={split}", "the digits have the splits train and test")
    source, rows = datasets.load_digits(), SPLITS[split]
    # The source counts ink from 0 to 16.
    pixels = np.round(source.images[rows] * (255 / 16)).astype(np.uint8)[..., None]
    sizes = [Size(8, 8)] * len(pixels)
    size = shape.chosen(sizes)
    shape.announce("digits", sizes, size, log)
    pixels = fitted(pixels, Transform(size, shape.channels or 1, shape.fit))
    names = tuple(map(str, range(10)))
    return images(pixels, source.target[rows], name="digits", classes=names)
