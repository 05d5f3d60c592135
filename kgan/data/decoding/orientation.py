"""Turns pictures upright, as their EXIF block says that the camera was held."""

import contextlib
import struct

from PIL import Image, ImageOps

ORIENTATION = 0x0112  # EXIF's tag
TURNED = (5, 6, 7, 8)  # its values that swap width and height
TURNED_BY_PILLOW = ("TIFF", "HEIF")


def of(image: Image.Image) -> int:
    """Returns EXIF's number, 1 to 8, without decoding; 1 where Pillow turns by itself."""
    if image.format in TURNED_BY_PILLOW or not _may_be_turned(image):
        return 1
    try:
        # Not `image.getexif()`: that of a PNG would decode the picture.
        return Image.Image.getexif(image).get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 the pixels may be whole all the same
        return 1


def swaps_sides(image: Image.Image) -> bool:
    """Whether a turn makes the width the height; found without decoding."""
    return of(image) in TURNED


def turn(image: Image.Image) -> None:
    """Turns a picture in place as EXIF says, where it can be read."""
    if _may_be_turned(image):
        with contextlib.suppress(SyntaxError, ValueError, KeyError, struct.error):
            ImageOps.exif_transpose(image, in_place=True)


def _may_be_turned(image):
    """Whether EXIF has a say, which of a JPEG is known before it is decoded."""
    return image.format != "JPEG" or not image.info.keys().isdisjoint(("exif", "xmp"))
