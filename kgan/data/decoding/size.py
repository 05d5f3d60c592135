"""The shape that all images of a data set are brought to."""

import dataclasses
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np

from kgan.errors import UserError

LARGEST_OWN = 128  # beyond it an image game takes too long to be anybody's default
CHANNELS = (1, 3)

Sizes: TypeAlias = Sequence[tuple[int, int]]


class Drawable(Protocol):
    """The sides that a network can draw, such as a `kgan.networks.sides.Sides`."""

    def usual(self, sizes: Sizes) -> int:
        """Returns the side to which images of these (width, height) are scaled."""
        ...


@dataclasses.dataclass(frozen=True)
class Shape:
    """The shape that the user asks for.

    Attributes:
        side: in pixels; 0 is the data's own.
        channels: 1 is grey, 3 is colour, 0 is the data's own.
        drawable: the sides that a network can draw, a `kgan.networks.sides.Sides`;
            None for all.

    Raises:
        UserError: a side or a number of channels that no image has.
    """

    side: int = 0
    channels: int = 0
    drawable: Drawable | None = None

    def __post_init__(self) -> None:
        if self.side < 0:
            raise UserError(
                f"image_size={self.side}", "must be 1 or more, or 0 for the data's own"
            )
        if self.channels not in (0, *CHANNELS):
            raise UserError(
                f"channels={self.channels}",
                "1 is grey, 3 is colour, and 0 is the data's own",
            )

    def chosen(self, sizes: Sizes) -> int:
        """The side for pictures of these (width, height), at least one."""
        if self.side:
            return self.side
        return self.drawable.usual(sizes) if self.drawable else own_side(sizes)


def own_side(sizes: Sizes) -> int:
    """The side that suits the data.

    Args:
        sizes: pairs of (width, height) in pixels, at least one.

    Returns:
        The images' own side if all are equally large squares up to 128; else 64 if the
        median shorter side is at least 64, else 32.
    """
    given = np.asarray(sizes)
    first = int(given[0, 0])
    if np.all(given == first) and first <= LARGEST_OWN:
        return first
    return 64 if np.median(given.min(axis=1)) >= 64 else 32
