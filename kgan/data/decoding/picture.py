"""Decoding of one picture: from an image file to a square of 8-bit pixels.

The rule: the largest centred square is cut out and scaled to the wanted side
with Pillow's antialiasing LANCZOS filter. This is the same region as scaling
the shorter side first and cropping after, with less work. An odd surplus leaves
the extra row or column at the right or bottom, so the pixels of an image that
is not scaled are never blended.
"""

import dataclasses
import math
import typing
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from kgan.data.decoding import depth
from kgan.data.decoding.opening import Source, UnusablePicture, opened

GREY_MODES = ("1", "L", "LA")
ORIENTATION = 0x0112  # EXIF's tag: how the camera was held
TURNED = (5, 6, 7, 8)  # its values that swap width and height
TURNED_BY_PILLOW = ("TIFF", "AVIF", "HEIF")
FACTORS = (8, 4, 2)  # by which the decoder of a JPEG can shrink it


class Header(typing.NamedTuple):
    """What is known before decoding.

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


@dataclasses.dataclass(frozen=True)
class Transform:
    """What becomes of each picture of a data set.

    Attributes:
        side: of the square, in pixels.
        channels: 1 (luma) or 3.
        half: "left" or "right" of two pictures of one size side by side, or "" for
            the whole.
        levels: the two values of pictures with more than 8 bits that become 0 and
            255; None as `depth.Deep.eight_bits` takes it.
    """

    side: int
    channels: int
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
        size = image.size[::-1] if _orientation(image) in TURNED else image.size
        return Header(*size, grey, deep, _several(image))


def read_square(
    source: Source, transform: Transform, frame: tuple[int, int] | None = None
) -> np.ndarray:
    """Decode a path or a binary stream by the rule of this module.

    Args:
        source: a path or a binary stream.
        transform: a `Transform`.
        frame: (width, height) of another picture of the same shape whose crop this one
            follows, as the other of a pair; None for its own.

    Returns:
        uint8 array of shape (side, side, channels).

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with opened(source) as image:
        size = image.size
        factor = _shrink(image, transform)
        image = _shallow(source, image, transform.levels)
        before = image.size
        ImageOps.exif_transpose(image, in_place=True)
        if image.size != before:
            size = size[::-1]
        if transform.half:
            image, size = _half(image, size, transform.half)
        frame = frame or size
        box = _centre(frame) * np.divide(size, frame)[[0, 1, 0, 1]] / factor
        return _square(image, box, transform)


def read_span(source: Source) -> tuple[float, float] | None:
    """Decode a path or a stream; return its least and largest value.

    Returns:
        (least, largest), two floats; None if it has only 8 bits or is transparent.

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with opened(source) as image:
        return _deep(source, image).span() if depth.is_deep(image) else None


def squares(pixels: np.ndarray, side: int, channels: int) -> np.ndarray:
    """Crops and scales decoded pictures, uint8 (n, H, W, 1 or 3), by the module's rule.

    Args:
        pixels: the pictures.
        side: in pixels, of the result.
        channels: 1 is grey (luma), 3 is colour.

    Returns:
        uint8 array of shape (n, side, side, channels).
    """
    if pixels.shape[1:] == (side, side, channels):
        return pixels
    transform = Transform(side, channels)
    pictures = (
        Image.fromarray(one.squeeze(-1) if one.shape[-1] == 1 else one)
        for one in pixels
    )
    return np.stack([_square(one, _centre(one.size), transform) for one in pictures])


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
        ImageOps.exif_transpose(image, in_place=True)
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


def _orientation(image):
    """EXIF's orientation, 1 to 8, without decoding; 1 where Pillow turns by itself."""
    if image.format in TURNED_BY_PILLOW:
        return 1
    # Not `image.getexif()`: that of a PNG would decode the picture.
    return Image.Image.getexif(image).get(ORIENTATION, 1)


def _shrink(image, transform):
    """Lets a JPEG's decoder skip detail that would be scaled away; returns the factor."""
    width, height = image.size
    halved = bool(transform.half)
    most = min(width // (1 + halved), height) // (2 * transform.side)
    # The decoder takes means of `factor` pixels, none of which may lie in both halves.
    fits = [
        factor
        for factor in FACTORS
        if factor <= most and not (halved and (width // 2) % factor)
    ]
    if not fits or (halved and _orientation(image) != 1):
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


def _centre(size):
    """(left, top, right, bottom) of the largest centred square."""
    width, height = size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return np.array([left, top, left + side, top + side])


def _square(image, box, transform):
    # Of whole pixels first: the filter would look at those around the box.
    left, top = (math.floor(start) for start in box[:2])
    right, bottom = np.minimum(np.ceil(box[2:]).astype(int), image.size).tolist()
    square = _on_white(image.crop((left, top, right, bottom)))
    # The mode first: a palette or a 1-bit image cannot be scaled smoothly.
    square = square.convert("L" if transform.channels == 1 else "RGB")
    inner = np.clip(box - [left, top, left, top], 0, [*square.size, *square.size])
    side = transform.side
    square = square.resize((side, side), Image.Resampling.LANCZOS, tuple(inner))
    return np.asarray(square).reshape(side, side, transform.channels)


def _on_white(image):
    """Return an 8-bit image without transparency, composited on white."""
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA"))
    return image
