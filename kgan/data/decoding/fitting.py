"""Fitting of images to another shape: which part of an image goes where."""

import functools
from collections import Counter
from typing import NamedTuple

import numpy as np

from kgan.sizes import Size

MENTIONED = 3  # sizes that a line names
VERBS = {"crop": "cropped", "pad": "padded", "stretch": "stretched"}
CHANGES = {
    "crop": "{:.0f} % of their area is cut off",
    "pad": "{:.0f} % of the result is bars",
    "stretch": "their proportions change by {:.0f} %",
}


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        """The height and the width."""
        return Size(self.bottom - self.top, self.right - self.left)

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rows and the columns, for an array (H, W, ...)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @classmethod
    def centred(cls, inner: Size, whole: Size) -> "Box":
        """Returns the box of `inner` in the middle of `whole`.

        An odd surplus leaves the extra row or column at the right or bottom.
        """
        top, left = (whole.height - inner.height) // 2, (whole.width - inner.width) // 2
        return cls.at(top, left, inner)

    @classmethod
    def at(cls, top: int, left: int, size: Size) -> "Box":
        """Returns the box of this size whose first pixel is at (top, left)."""
        return cls(left, top, left + size.width, top + size.height)


def largest(whole: Size, shape: Size) -> Size:
    """Returns the largest size within `whole` that has the shape of `shape`.

    It is rounded to whole pixels.
    """
    factor = min(whole.height / shape.height, whole.width / shape.width)
    return Size(*(max(1, round(side * factor)) for side in shape))


@functools.lru_cache(maxsize=1024)
def boxes(source: Size, size: Size, fit: str) -> tuple[Box, Box]:
    """Returns the part of an image that is taken, and the part of the result it fills.

    Args:
        source: the size of the image.
        size: of the result.
        fit: "crop", "pad" or "stretch".
    """
    taken = largest(source, size) if fit == "crop" else source
    filled = largest(size, source) if fit == "pad" else size
    return Box.centred(taken, source), Box.centred(filled, size)


def barred(pixels: np.ndarray, filled: Box, size: Size) -> np.ndarray:
    """Returns an image with bars around it, uint8 (H, W, C).

    The bars have the colour of its border: of the median of its outermost pixels.

    Args:
        pixels: uint8 (h, w, C).
        filled: where in the result they lie.
        size: (H, W) of the result.
    """
    if filled.size == size:
        return pixels
    rows, columns = pixels[[0, -1]], pixels[:, [0, -1]].swapaxes(0, 1)
    border = np.concatenate([*rows, *columns])
    result = np.empty((*size, pixels.shape[-1]), np.uint8)
    result[...] = np.median(border, axis=0).round()
    result[filled.slices] = pixels
    return result


def kept(source: Size, size: Size) -> float:
    """Returns the share of an image that a crop to the shape of `size` keeps."""
    taken = largest(source, size)
    return taken.height * taken.width / (source.height * source.width)


def summary(counts: Counter[Size], size: Size, fit: str) -> str:
    """Returns a line about the images that a `fit` changes, "" for none.

    Such as "3,068 of 533x400 cropped to 400x400 (height x width): 25 % of their area is
    cut off".

    Args:
        counts: size -> how many images have it.
        size: to which they are brought.
        fit: "crop", "pad" or "stretch".
    """
    changed = {one: n for one, n in counts.items() if _changes(one, size, fit)}
    if not changed:
        return ""
    most = Counter(changed).most_common(MENTIONED)
    named = [f"{n:,} of {_told(one, size, fit)}" for one, n in most]
    rest = sum(changed.values()) - sum(n for _, n in most)
    if rest:
        named.append(f"{rest:,} of {len(changed) - len(most):,} other sizes")
    each = [n * _change(one, size, fit) for one, n in changed.items()]
    mean = CHANGES[fit].format(100 * sum(each) / sum(changed.values()))
    return f"{', '.join(named)} (height x width): {mean}"


def _changes(source, size, fit):
    if fit == "pad":
        return largest(size, source) != size
    return largest(source, size) != source


def _told(source, size, fit):
    end = {"crop": largest(source, size), "pad": _around(source, size), "stretch": size}
    return f"{_written(source)} {VERBS[fit]} to {_written(end[fit])}"


def _around(source, shape):
    """The smallest size around `source` that has the shape of `shape`."""
    factor = max(source.height / shape.height, source.width / shape.width)
    return Size(*(round(side * factor) for side in shape))


def _change(source, size, fit):
    """The share of an image that a fit changes."""
    if fit == "crop":
        return 1 - kept(source, size)
    if fit == "pad":
        filled = largest(size, source)
        return 1 - filled.height * filled.width / (size.height * size.width)
    ratio = source.width * size.height / (source.height * size.width)
    return max(ratio, 1 / ratio) - 1


def _written(size):
    return f"{size.height}x{size.width}"
