"""The shape that all images of a data set are brought to."""

import numpy as np

from kgan.errors import UserError

# The networks halve or double the side at least once, and start from 4 at most.
SIDES = range(8, 257, 4)
LARGEST_OWN = 128  # beyond it an image game takes too long to be anybody's default
CHANNELS = (1, 3)


def check_side(side):
    """Raise a UserError unless `side` is 0 (the data's own) or one of SIDES."""
    if side == 0 or side in SIDES:
        return
    distance = min(abs(side - allowed) for allowed in SIDES)
    nearest = [str(allowed) for allowed in SIDES if abs(side - allowed) == distance]
    raise UserError(
        f"image size {side} is not a multiple of 4 from {SIDES[0]} to {SIDES[-1]}: "
        f"use {' or '.join(nearest)}, or 0 for the data's own size"
    )


def check_channels(channels):
    """Raise a UserError unless `channels` is 0 (the data's own), 1 or 3."""
    if channels not in (0, *CHANNELS):
        raise UserError(
            f"{channels} channels are not possible: "
            "use 1 for grey, 3 for colour, or 0 for the data's own"
        )


def own_side(sizes):
    """Choose the side that suits the data.

    Args:
        sizes: pairs of (width, height) in pixels, at least one.

    Returns:
        The images' own side if all are equally large squares of an allowed
        side up to 128; else 64 if the median shorter side is at least 64, else 32.
    """
    sizes = np.asarray(sizes)
    first = int(sizes[0, 0])
    if np.all(sizes == first) and first in SIDES and first <= LARGEST_OWN:
        return first
    return 64 if np.median(sizes.min(axis=1)) >= 64 else 32
