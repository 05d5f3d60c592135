"""The size of an image as users write it: a side, or height x width."""

import contextlib
from collections.abc import Iterable
from numbers import Integral
from typing import Any, NamedTuple, Self, TypeAlias

# What becomes of an image of another shape than the one asked for.
FITS = ("crop", "pad", "stretch")
TOLD = "side in pixels, or height x width, such as 64 or 128x256"
# What `Size.of` takes.
SizeLike: TypeAlias = int | str | tuple[int, int]


class Size(NamedTuple):
    """The height and the width of an image in pixels, written "128x256", or "64".

    Attributes:
        height, width: in pixels; both are 0 where none is asked for.
    """

    height: int
    width: int

    @classmethod
    def of(cls, given: SizeLike) -> Self:
        """Returns the size that is meant by what a user gave.

        Args:
            given: the side of a square; a pair (height, width); or a text such as "64"
                or "128x256".

        Raises:
            ValueError: something else, or 0 with another number.
        """
        sides: list[Any] = [given]
        if isinstance(given, str):
            with contextlib.suppress(ValueError):
                sides = [int(part) for part in given.lower().split("x")]
        elif isinstance(given, Iterable):
            sides = list(given)
        whole = all(isinstance(n, Integral) and n is not True for n in sides)
        sides *= 2 if len(sides) == 1 else 1
        if not whole or len(sides) != 2 or sides.count(0) == 1:
            raise ValueError(f"{given!r} is no {TOLD}")
        return cls(*map(int, sides))

    @property
    def plain(self) -> int | str:
        """The size as JSON can hold it: the side of a square, or a text."""
        return self.height if self.height == self.width else str(self)

    def __str__(self) -> str:
        square = self.height == self.width
        return str(self.height) if square else f"{self.height}x{self.width}"
