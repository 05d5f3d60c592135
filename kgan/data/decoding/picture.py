"""Decoding of one picture: from an image file to 8-bit pixels of the wanted size.

The rule of "crop": the largest centred part of the wanted shape is cut out and scaled
with Pillow's antialiasing LANCZOS filter. This is the same region as scaling the picture
until it covers the wanted size and cropping after, with less work. The part has whole
pixels, so those of an image that is not scaled are never blended. "pad" scales all of
the picture and puts bars around it, "stretch" scales it without regard to its shape.
"""

import dataclasses
import math
import typing
from typing import Any

import numpy as np
from PIL import Image

from kgan.data.decoding import depth, fitting, orientation
from kgan.data.decoding.opening import Source, UnusablePicture, opened
from kgan.sizes import Size

GREY_MODES = ("1", "L", "LA")
JPEGS = ("JPEG", "MPO")
FACTORS = (8, 4, 2)  # by which the decoder of a JPEG can shrink it
# It takes plain means. They have to be this much finer than the result, which then
# differs from that of all pixels by less than 1 of 255 in the mean.
FINER = 3
# All pixels of a half would be worse: with half the colours, as is usual, they are blended
# over the middle, and means are not.
FINER_HALF = 2


class Header(typing.NamedTuple):
    """The facts in the header of a picture, known before it is decoded.

    Attributes:
        width, height: in pixels, as the picture is shown.
        grey: whether it is stored as grey.
        deep: whether it has more than 8 bits a channel.
        several: whether the file holds further pictures, as an animation does.
    """

    width: int
    height: int
    grey: bool
    deep: bool = False
    several: bool = False

    @property
    def size(self) -> Size:
        """The height and the width."""
        return Size(self.height, self.width)


@dataclasses.dataclass(frozen=True)
class Transform:
    """The change that each picture of a data set goes through.

    Attributes:
        size: of the result.
        channels: 1 (luma) or 3.
        fit: of `kgan.sizes.FITS`, what becomes of another shape.
        half: "left" or "right" of two pictures of one size side by side, or "" for
            the whole.
        levels: the two values of pictures with more than 8 bits that become 0 and
            255; None as `depth.Deep.eight_bits` takes it.
    """

    size: Size
    channels: int
    fit: str = "crop"
    half: str = ""
    levels: tuple[Any, ...] | None = None


def read_header(source: Source) -> Header:
    """Read the Header of a path or of a binary stream without decoding it.

    A picture is grey if it is stored as such: palettes, and all WebP files,
    count as colour.

    Raises:
        UnusablePicture: if this is no picture, or one that is too large.
    """
    with opened(source) as image:
        deep = depth.is_deep(image)
        grey = depth.is_grey(image) if deep else image.mode in GREY_MODES
        width, height = image.size
        if orientation.swaps_sides(image):
            width, height = height, width
        return Header(width, height, grey, deep, _several(image))


def read_picture(
    source: Source, transform: Transform, frame: Size | None = None
) -> np.ndarray:
    """Decode a path or a binary stream by the rule of this module.

    Args:
        source: a path or a binary stream.
        transform: a `Transform`.
        frame: the size of another picture of the same shape whose crop this one
            follows, as the other of a pair; None for its own.

    Returns:
        uint8 array of shape (H, W, C).

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with opened(source) as image:
        size = image.size
        factor = _shrink(image, transform)
        image = _shallow(source, image, transform.levels)
        before = image.size
        orientation.turn(image)
        if image.size != before:
            size = size[::-1]
        if transform.half:
            image, size = _half(image, size, transform.half)
        width, height = size
        frame = frame or Size(height, width)
        scale = width / frame.width / factor, height / frame.height / factor
        return _fitted(image, transform, frame, scale)


def read_span(source: Source) -> tuple[float, float] | None:
    """Decode a path or a stream; return its least and largest value.

    Returns:
        (least, largest), two floats; None if it has only 8 bits or is transparent.

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with opened(source) as image:
        return _deep(source, image).span() if depth.is_deep(image) else None


def fitted(pixels: np.ndarray, transform: Transform) -> np.ndarray:
    """Brings decoded pictures, uint8 (n, h, w, 1 or 3), to a size by the module's rule.

    Args:
        pixels: the pictures.
        transform: a `Transform` of whole pictures with 8 bits.

    Returns:
        uint8 array of shape (n, H, W, C).
    """
    if pixels.shape[1:] == (*transform.size, transform.channels):
        return pixels
    size = Size(*pixels.shape[1:3])
    pictures = (
        Image.fromarray(one.squeeze(-1) if one.shape[-1] == 1 else one)
        for one in pixels
    )
    return np.stack([_fitted(one, transform, size) for one in pictures])


def read_whole(
    source: Source, levels: tuple[float, ...] | None = None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Decode a path or a binary stream as it is, but to 8 bits.

    Args:
        source: a path or a binary stream.
        levels: as of a `Transform`.

    Returns:
        (uint8 (H, W, 1 or 3), transparent parts composited on white; uint8 (H, W) of
        how opaque it is, None where all of it is).

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with opened(source) as image:
        image = _shallow(source, image, levels)
        orientation.turn(image)
        alpha = None
        if image.has_transparency_data:
            alpha = np.asarray(image.convert("RGBA").getchannel("A"))
        mode = "L" if image.mode in GREY_MODES else "RGB"
        pixels = np.asarray(_on_white(image).convert(mode))
        return pixels.reshape(*pixels.shape[:2], -1), alpha


def _several(image):
    """Whether a file holds further pictures; those that cannot be found do not count."""
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 the first picture may be whole all the same
        return False


def _shrink(image, transform):
    """Lets a JPEG's decoder skip detail that would be scaled away; returns the factor."""
    if image.format not in JPEGS:
        return 1
    width, height = image.size
    halved, turned = bool(transform.half), orientation.swaps_sides(image)
    shown = Size(width, height) if turned else Size(height, width // (1 + halved))
    boxes = fitting.boxes(shown, transform.size, transform.fit)
    ratios = zip(*(box.size for box in boxes), strict=True)
    most = min(a // (b * (FINER_HALF if halved else FINER)) for a, b in ratios)
    # The decoder takes means of `factor` pixels, none of which may lie in both halves.
    fits = [
        factor
        for factor in FACTORS
        if factor <= most and not (halved and (width // 2) % factor)
    ]
    if not fits or (halved and orientation.of(image) != 1):
        return 1
    drafted = image.draft(None, (width // fits[0], height // fits[0]))
    return round(width / drafted[1][2]) if drafted else 1


def _deep(source, image):
    if not depth.takes_two(image):
        return depth.Deep(image)
    with opened(source) as again:
        return depth.Deep(image, again)


def _shallow(source, image, levels):
    """The image with 8 bits a channel."""
    if not depth.is_deep(image):
        return image
    return _deep(source, image).eight_bits(levels)


def _half(image, size, half):
    """(that half of an image, its width and height before it was shrunk)."""
    width, height = size
    if width % 2 or width <= height:
        raise UnusablePicture(
            f"{width}x{height}, not two pictures of one size side by side"
        )
    middle = image.width // 2
    left = 0 if half == "left" else middle
    return image.crop((left, 0, left + middle, image.height)), (width // 2, height)


def _fitted(image, transform, frame, scale=(1, 1)):
    """The pixels of an image by the boxes of `frame`, the size of a picture.

    The image has `scale` pixels, across and down, for one of the frame.
    """
    taken, filled = fitting.boxes(frame, transform.size, transform.fit)
    start = taken.left * scale[0], taken.top * scale[1]
    end = taken.right * scale[0], taken.bottom * scale[1]
    # Of whole pixels first: the filter would look at those around the box.
    left, top = map(math.floor, start)
    right, bottom = map(min, map(math.ceil, end), image.size)
    part = _on_white(image.crop((left, top, right, bottom)))
    # The mode first: a palette or a 1-bit image cannot be scaled smoothly.
    mode = "L" if transform.channels == 1 else "RGB"
    part = part if part.mode == mode else part.convert(mode)
    far = min(end[0] - left, part.width), min(end[1] - top, part.height)
    inner = start[0] - left, start[1] - top, *far
    height, width = filled.size
    part = part.resize((width, height), Image.Resampling.LANCZOS, inner)
    pixels = np.asarray(part).reshape(height, width, transform.channels)
    return fitting.barred(pixels, filled, transform.size)


def _on_white(image):
    """Return an 8-bit image without transparency, composited on white."""
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA"))
    return image
