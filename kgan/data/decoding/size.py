"""The shape that all images of a data set are brought to."""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from kgan.data.decoding import fitting
from kgan.errors import UserError
from kgan.sizes import FITS, Size, SizeLike
from kgan.typing import Log

LARGEST_OWN = 128  # beyond it an image game takes too long to be anybody's default
CHANNELS = (1, 3)
LITTLE = 0.05  # a share of an image that may be cut off without a word about it
POOR = (
    "can be halved only few times, so the networks are small and see no large shapes; "
    "multiples of 16 or 32 are drawn better"
)
MANY = 0.5  # of the images: so many of one size are worth an advice


class Drawable(Protocol):
    """The sizes that a network can draw, such as a `kgan.networks.sides.Sides`."""

    def __contains__(self, size: Any) -> bool: ...

    def nearest(self, size: Any) -> list[Size]:
        """Returns the sizes that are nearest to `size`, at least one."""
        ...

    def suits(self, size: Any) -> bool:
        """Whether the network can draw a size, and draws it well."""
        ...

    def check(self, network: str, size: Any) -> None:
        """Raises ValueError for a size that the network cannot draw."""
        ...


@dataclasses.dataclass(frozen=True)
class Shape:
    """The shape that the user asks for.

    Attributes:
        size: both sides are 0 for the data's own.
        channels: 1 is grey, 3 is colour, 0 is the data's own.
        fit: of `kgan.sizes.FITS`, what becomes of images of another shape.
        drawable: the sizes that a network can draw; None for all.

    Raises:
        UserError: a size that no image has or that the network cannot draw, or another
            number of channels.
    """

    size: Size = Size(0, 0)
    channels: int = 0
    fit: str = "crop"
    drawable: Drawable | None = None

    def __post_init__(self) -> None:
        try:
            if min(self.size) < 0:
                raise ValueError("must be 1 or more, or 0 for the data's own")
            if self.drawable and self.asked:
                self.drawable.check("The network", self.size)
        except ValueError as error:
            raise UserError(f"image_size={self.size}", str(error)) from None
        if self.channels not in (0, *CHANNELS):
            raise UserError(
                f"channels={self.channels}",
                "1 is grey, 3 is colour, and 0 is the data's own",
            )
        if self.fit not in FITS:
            raise UserError(f"fit={self.fit}", f"there are {', '.join(FITS)}")

    @classmethod
    def of(
        cls,
        size: SizeLike = 0,
        channels: int = 0,
        fit: str = "crop",
        drawable: Drawable | None = None,
    ) -> "Shape":
        """Returns the shape that a user asks for, with a size that `Size.of` takes."""
        try:
            return cls(Size.of(size), channels, fit, drawable)
        except ValueError as error:
            raise UserError(f"image_size={size}", str(error)) from None

    @property
    def asked(self) -> bool:
        """Whether a size is asked for."""
        return any(self.size)

    def chosen(self, sizes: Iterable[Size]) -> Size:
        """Returns the size for pictures of these sizes, at least one.

        It is the one asked for; or else their own if all have one size that can be drawn
        well, of up to 128 pixels; else a square: of 64 if the median shorter side is at
        least 64, or of 32, or the nearest to it that can be drawn.
        """
        if self.asked:
            return self.size
        sizes = list(sizes)
        first = sizes[0]
        fits = max(first) <= LARGEST_OWN and self._suits(first)
        if fits and all(size == first for size in sizes):
            return first
        side = 64 if np.median([min(size) for size in sizes]) >= 64 else 32
        return self._nearest(Size(side, side))

    def announce(self, name: str, sizes: Iterable[Size], size: Size, log: Log) -> None:
        """Logs what becomes of the pictures of a data set, where anything does."""
        told = self.told(sizes, size)
        if told:
            log(f"{name}: {told}")
        if not self._suits(size):
            log(f"image_size={size}: {POOR}")

    def told(self, sizes: Iterable[Size], size: Size) -> str:
        """Returns a line that says what becomes of pictures of other shapes.

        Args:
            sizes: of the pictures that are used.
            size: to which they are brought.

        Returns: "" where all have the shape of `size`.
        """
        counts = Counter(sizes)
        told = fitting.summary(counts, size, self.fit)
        advice = "" if self.asked or self.fit != "crop" else self._advice(counts, size)
        return told and told + advice

    def _advice(self, counts, size):
        """Advice on a size that keeps more of most pictures than squares do."""
        (usual, number), *_ = counts.most_common(1)
        own = usual
        if max(own) > LARGEST_OWN:
            factor = min(size) / min(own)
            own = Size(*(round(side * factor) for side in own))
        better = self._nearest(own)
        now, then = (fitting.kept(usual, one) for one in (size, better))
        if number < MANY * counts.total() or now > 1 - LITTLE or then < 1 - LITTLE:
            return ""
        return f"; `image_size={better}` keeps the shape of {number:,}"

    def _suits(self, size):
        return self.drawable is None or self.drawable.suits(size)

    def _nearest(self, size):
        """The size, or the nearest one that can be drawn."""
        if self.drawable is None or size in self.drawable:
            return size
        return self.drawable.nearest(size)[0]
