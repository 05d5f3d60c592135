"""Decoding of one picture: from an image file to a square of 8-bit pixels.

The rule: the largest centred square is cut out and scaled to the wanted side
with Pillow's antialiasing LANCZOS filter. This is the same region as scaling
the shorter side first and cropping after, with less work. An odd surplus leaves
the extra row or column at the right or bottom, so the pixels of an image that
is not scaled are never blended.
"""

import contextlib
import os
import typing

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from kgan.typing import PathLike

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
# Only these decoders ever see a file, whatever its name or its content claims.
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
# A file of some kilobytes can announce gigabytes of pixels.
LARGEST_MEGAPIXELS = 64
GREY_MODES = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L")

Source: typing.TypeAlias = PathLike | typing.BinaryIO


class UnusablePicture(Exception):
    """A picture that cannot be decoded; the message is the reason."""


class Header(typing.NamedTuple):
    """What is known before decoding: the size in pixels and the kind of colour."""

    width: int
    height: int
    grey: bool


def read_header(source: Source) -> Header:
    """Read the Header of a path or of a binary stream without decoding it.

    A picture is grey if it is stored as such: palettes, and all WebP files,
    count as colour.

    Raises:
        UnusablePicture: if this is no picture, or one that is too large.
    """
    with _opened(source) as image:
        return Header(image.width, image.height, image.mode in GREY_MODES)


def read_square(
    source: Source, side: int, channels: int, half: str | None = None
) -> np.ndarray:
    """Decode a path or a binary stream by the rule of this module.

    Args:
        source: a path or a binary stream.
        side: in pixels, of the result.
        channels: 1 is grey (luma), 3 is colour.
        half: "left" or "right" of two pictures of one size side by side, or None
            for the whole.

    Returns:
        uint8 array of shape (side, side, channels).

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with _opened(source) as image:
        # Lets the JPEG decoder skip detail that would be scaled away anyway.
        image.draft(None, (2 * side, 2 * side))
        ImageOps.exif_transpose(image, in_place=True)
        return _square(_half(image, half) if half else image, side, channels)


def squares(pixels: np.ndarray, side: int, channels: int) -> np.ndarray:
    """Crops and scales decoded pictures, uint8 (n, H, W, 1 or 3), by the module's rule.

    Returns:
        uint8 array of shape (n, side, side, channels).
    """
    if pixels.shape[1:] == (side, side, channels):
        return pixels
    pictures = (
        Image.fromarray(one.squeeze(-1) if one.shape[-1] == 1 else one)
        for one in pixels
    )
    return np.stack([_square(picture, side, channels) for picture in pictures])


def _square(image, side, channels):
    square = _on_white(_centre_square(image))
    # The mode first: a palette or a 1-bit image cannot be scaled smoothly.
    square = square.convert("L" if channels == 1 else "RGB")
    square = square.resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(square).reshape(side, side, channels)


def read_whole(source: Source) -> tuple[np.ndarray, np.ndarray | None]:
    """Decode a path or a binary stream as it is, but to 8 bits.

    Returns:
        (uint8 (H, W, 1 or 3), transparent parts composited on white; uint8 (H, W) of
        how opaque it is, None where all of it is).

    Raises:
        UnusablePicture: if it is no picture, too large, or damaged.
    """
    with _opened(source) as image:
        ImageOps.exif_transpose(image, in_place=True)
        alpha = None
        if image.has_transparency_data:
            alpha = np.asarray(image.convert("RGBA").getchannel("A"))
        mode = "L" if image.mode in GREY_MODES else "RGB"
        pixels = np.asarray(_on_white(image).convert(mode))
        return pixels.reshape(*pixels.shape[:2], -1), alpha


@contextlib.contextmanager
def _opened(source):
    """Open with Pillow; everything that goes wrong becomes an UnusablePicture."""
    try:
        # A named pipe called x.png would block for ever.
        if isinstance(source, (str, os.PathLike)) and not os.path.isfile(source):
            raise UnusablePicture("not a regular file")
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > LARGEST_MEGAPIXELS * 1_000_000:
                raise Image.DecompressionBombError(f"{image.width}x{image.height}")
            yield image
    except UnusablePicture:
        raise
    # Files come from anywhere, and Pillow's decoders raise OSError, SyntaxError,
    # ValueError, struct.error and others: one bad file must not end the run.
    except Exception as error:
        raise UnusablePicture(_reason(source, error)) from error


def _reason(source, error):
    """Say in a few words why `source` failed with `error`."""
    if isinstance(error, Image.DecompressionBombError):
        return f"larger than {LARGEST_MEGAPIXELS} megapixels"
    if isinstance(error, UnidentifiedImageError):
        if isinstance(source, (str, os.PathLike)) and os.path.getsize(source) == 0:
            return "empty"
        return "not an image of a known kind"
    if "truncated" in str(error).lower():
        return "truncated"
    return f"damaged: {error}" if str(error) else "damaged"


def _half(image, half):
    width, height = image.size
    if width % 2 or width <= height:
        raise UnusablePicture(
            f"{width}x{height}, not two pictures of one size side by side"
        )
    middle = width // 2
    left = 0 if half == "left" else middle
    return image.crop((left, 0, left + middle, height))


def _centre_square(image):
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _on_white(image):
    """Return an 8-bit image without transparency, composited on white."""
    if image.mode.startswith("I"):
        # 65535 = 255 * 257. Pillow itself would clip the values at 255.
        values = np.clip(np.asarray(image).astype(np.int64), 0, 65535)
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA"))
    return image
