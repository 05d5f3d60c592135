"""Which image sizes each network draws or sees.

Nothing here needs TensorFlow, so that a wrong size is answered before it is loaded.
"""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LARGEST_OWN = 128  # beyond it a game of images takes too long to be a default


@dataclass(frozen=True)
class Sides:
    """The sides in pixels that the images of a network may have.

    `side in sides` tells whether one is allowed; `str(sides)` writes them in words.

    Attributes:
        least, most: the smallest and the largest side.
        multiple: every side is a multiple of this.
        power_of_two: whether every side is a power of 2.
    """

    least: int
    most: int
    multiple: int = 1
    power_of_two: bool = False

    def __contains__(self, side: int) -> bool:
        within = self.least <= side <= self.most and side % self.multiple == 0
        return within and not (self.power_of_two and side & (side - 1))

    def __iter__(self) -> Iterator[int]:
        return (side for side in range(self.least, self.most + 1) if side in self)

    def __str__(self) -> str:
        kind = "a number of pixels"
        if self.power_of_two:
            kind = "a power of 2"
        elif self.multiple > 1:
            kind = f"a multiple of {self.multiple}"
        return f"{kind} from {self.least} to {self.most}"

    def nearest(self, side: int) -> list[int]:
        """Returns the allowed sides that are nearest to `side`: one, or two."""
        distance = min(abs(side - allowed) for allowed in self)
        return [allowed for allowed in self if abs(side - allowed) == distance]

    def usual(self, sizes: Iterable[tuple[int, int]]) -> int:
        """Returns the side to which images of these sizes should be scaled.

        It is the images' own side if all are equally large squares of an allowed side up to
        128; else 64 if the median shorter side is at least 64, else 32. Where that is
        not allowed, it is the nearest side that is.

        Args:
            sizes: pairs (width, height) in pixels, at least one.
        """
        sizes = [(int(width), int(height)) for width, height in sizes]
        first = sizes[0][0]
        alike = all(size == (first, first) for size in sizes)
        if alike and first in self and first <= LARGEST_OWN:
            return first
        shorter = statistics.median(min(size) for size in sizes)
        return self.nearest(64 if shorter >= 64 else 32)[0]

    def check(self, network: str, *sides: int) -> None:
        """Raises ValueError unless all `sides` are allowed.

        Args:
            network: words for the message, such as "A U-Net".
            sides: in pixels.
        """
        if not all(side in self for side in sides):
            given = "x".join(str(side) for side in sides)
            near = " or ".join(map(str, self.nearest(max(sides))))
            raise ValueError(
                f"{network} needs images whose side is {self}; got {given}; the nearest "
                f"is {near}"
            )


# Dense layers have a weight for every pixel: the largest is a matter of memory.
DENSE = Sides(1, 256)
# Halved twice at least, down to a side of 4 or 7 or another odd one.
CONVOLUTIONAL = Sides(8, 128, multiple=4)
# Halved twice, with three of the pixels that are left at each border reflected.
RESIDUAL = Sides(12, 512, multiple=4)
# Halved down to one pixel. The encoder is a U-Net without skips.
UNET = Sides(8, 512, power_of_two=True)


def patch(depth: int) -> Sides:
    """Returns the sides that a patch discriminator of `depth` halvings allows."""
    return Sides(3 * 2**depth, 512)
