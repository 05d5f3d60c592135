"""The heights and widths of images that each network draws or sees.

Nothing here needs TensorFlow, so that a wrong size is answered before it is loaded.
"""

import itertools
from dataclasses import dataclass
from typing import Any

from kgan.sizes import Size


@dataclass(frozen=True)
class Sides:
    """The heights and widths in pixels that the images of a network may have.

    `size in sides` tells whether one is allowed: (height, width), or the side of a
    square. `str(sides)` writes them in words.

    Attributes:
        least, most: the smallest and the largest height and width.
        multiple: both are multiples of this.
        left: how many pixels of a side are left at most once the image is halved as
            often as height and width are even; 0 is no limit.
        well: how many are left at most in images that the network draws well; 0 is no
            limit. Where more are left, it has few stages, and D sees no larger shape.
    """

    least: int
    most: int
    multiple: int = 1
    left: int = 0
    well: int = 0

    def __contains__(self, size: Any) -> bool:
        size = Size.of(size)
        if not all(
            self.least <= side <= self.most and side % self.multiple == 0
            for side in size
        ):
            return False
        return not self.left or remains(size) <= self.left

    def suits(self, size: Any) -> bool:
        """Whether `size` is allowed, and one that the network draws well."""
        return size in self and (not self.well or remains(size) <= self.well)

    def __str__(self) -> str:
        kind = f"multiples of {self.multiple}" if self.multiple > 1 else "numbers"
        halved = f" that halve together to {self.left} or less" if self.left else ""
        return f"{kind} from {self.least} to {self.most}{halved}"

    def nearest(self, size: Any) -> list[Size]:
        """Returns the allowed sizes that are nearest to `size`: one, or two.

        The distance is that of the heights and that of the widths together; of several
        that are equally near, those of the most similar shape are returned. A square
        has squares.
        """
        size = Size.of(size)
        sides = range(-(-self.least // self.multiple) * self.multiple, self.most + 1)
        sides = sides[:: self.multiple]
        pairs = itertools.product(sides, sides)
        if size.height == size.width:
            pairs = zip(sides, sides, strict=True)
        allowed = [Size(*pair) for pair in pairs if pair in self]

        def apart(other):
            return abs(size.height - other.height) + abs(size.width - other.width)

        def skewed(other):
            ratio = other.height * size.width / (other.width * size.height)
            return max(ratio, 1 / ratio)

        least = min(map(apart, allowed))
        near = sorted((one for one in allowed if apart(one) == least), key=skewed)
        return sorted(near[:2])

    def check(self, network: str, size: Any) -> None:
        """Raises ValueError unless `size` is allowed.

        Args:
            network: words for the message, such as "A U-Net".
            size: (height, width).
        """
        if size not in self:
            near = " or ".join(map(str, self.nearest(size)))
            raise ValueError(
                f"{network} needs images whose height and width are {self}; got "
                f"{Size.of(size)}; the nearest is {near}"
            )


def halvings(height: int, width: int) -> int:
    """Returns how often an image can be halved while height and width are even."""
    both = height | width
    return (both & -both).bit_length() - 1


def remains(size: Any) -> int:
    """Returns how many pixels of the longer side are left of an image halved so often."""
    height, width = Size.of(size)
    return max(height, width) >> halvings(height, width)


# Dense layers have a weight for every pixel: the largest is a matter of memory.
DENSE = Sides(1, 256)
# Halved twice at least, and then while that leaves 4 pixels or an odd number of them.
CONVOLUTIONAL = Sides(8, 256, multiple=4, well=8)
# Twice the sides of a stage I, which is convolutional.
TWO_STAGES = Sides(16, 256, multiple=8, well=16)
# Halved twice, with three of the pixels that are left at each border reflected.
RESIDUAL = Sides(12, 512, multiple=4)
# Halved to few pixels: what lies between halvings sees only its own neighbourhood. The
# encoder is a U-Net without skips.
UNET = Sides(8, 512, multiple=8, left=8)


def patch(depth: int) -> Sides:
    """Returns the sides that a patch discriminator of `depth` halvings allows."""
    return Sides(3 * 2**depth, 512)
