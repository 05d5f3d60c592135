"""Data sets in colour, which are made of the grey pictures of others."""

import dataclasses
from collections.abc import Callable

from kgan.data.dataset import Dataset
from kgan.data.decoding.size import Shape
from kgan.data.sources import coloured_digits, tinted
from kgan.errors import UserError
from kgan.typing import Log

NAMES = (*coloured_digits.ORIGINS, *tinted.ORIGINS)


def load_in_colour(
    name: str, split: str, shape: Shape, grey: Callable[[str, Shape], Dataset], log: Log
) -> Dataset:
    """Returns a data set of `NAMES`.

    Args:
        name: of the data set.
        split: "train" or "test".
        shape: of the pictures.
        grey: a function from the name of a data set and a shape to its grey pictures.
        log: called with a line about another size.

    Raises:
        UserError: grey pictures are asked for.
    """
    if shape.channels == 1:
        raise UserError("channels=1", f"{name} is in colour", "use 3, or 0")
    if name in tinted.ORIGINS:
        own = dataclasses.replace(shape, channels=1)
        return tinted.tinted(name, grey(tinted.ORIGINS[name], own), split)
    sketches = grey(coloured_digits.ORIGINS[name].dataset, Shape())
    return coloured_digits.coloured(name, sketches, split, shape, log)
