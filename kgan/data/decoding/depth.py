"""Pictures with more than 8 bits a channel: their values, and their way to 8 bits."""

import re
import sys
from typing import Any

import numpy as np
from PIL import Image, ImageFile

# What black and white stand for where nobody knows better.
SIXTEEN_BITS, UNIT = (0, 65535), (0.0, 1.0)
PHOTOMETRIC, WHITE_IS_ZERO = 262, 0  # a tag of TIFF, as of X-ray pictures
ROWS = 256  # converted at once: numbers take eight times the room of a byte
# How Pillow names the packing of coloured numbers of 16 bits, and their byte order.
PACKING = re.compile(r"(RGB|RGBA|LA);16([BLN])")


class Deep:
    """The values of a picture with more than 8 bits a channel.

    Pillow keeps all bits of grey pictures alone. Of coloured ones it takes the high byte
    of each number; where it is told the other order of bytes, it takes the low one. Of
    grey ones with alpha all four bytes fit into the four channels of RGBA.

    Args:
        image: an image for which `is_deep` holds, opened by Pillow and not loaded.
        again: the same, opened once more; used where `takes_two` holds.
    """

    def __init__(
        self, image: ImageFile.ImageFile, again: ImageFile.ImageFile | None = None
    ) -> None:
        self.packed = bool(_packing(image))
        self.grey, self.info = is_grey(image), dict(image.info)
        for one, low in ((image, False), (again, True)):
            if one is not None and self.packed:
                _repack(one, low)
        self._stored = np.asarray(image)
        self._low = self._stored if again is None else np.asarray(again)
        self.known = UNIT if image.mode == "F" else SIXTEEN_BITS
        tags = getattr(image, "tag_v2", {})
        self.inverted = tags.get(PHOTOMETRIC) == WHITE_IS_ZERO
        self.info |= image.info  # a PNG may say what is transparent after its pixels

    def span(self) -> tuple[float, float] | None:
        """Returns the least and the largest value where it is opaque, or None."""
        ends = []
        for _, values, alpha in self._blocks():
            if alpha is not None:
                values = values[alpha > 0]
            values = values[np.isfinite(values)]
            if values.size:
                ends += [float(values.min()), float(values.max())]
        return (min(ends), max(ends)) if ends else None

    def eight_bits(self, levels: tuple[float, ...] | None = None) -> Image.Image:
        """Returns the picture with 8 bits, in Pillow's mode L, LA, RGB or RGBA.

        Args:
            levels: the values that become 0 and 255, what lies outside is clipped; None
                for 0 and 65535, or for floating-point numbers 0 and 1.
        """
        low, high = levels or self.known
        if self.inverted:  # Pillow turns those of 8 bits alone
            low, high = high, low
        height, width = self._stored.shape[:2]
        made = np.empty((height, width, 1 if self.grey else 3), np.uint8)
        mask = None
        for rows, values, alpha in self._blocks():
            grey_levels = (values - low) * (255.0 / (high - low))
            grey_levels = np.nan_to_num(grey_levels, nan=0.0).clip(0, 255)
            made[rows] = np.floor(grey_levels + 0.5).astype(np.uint8)
            if alpha is not None:
                mask = np.empty((height, width), np.uint8) if mask is None else mask
                mask[rows] = alpha
        image = Image.fromarray(made.squeeze(-1) if self.grey else made)
        if mask is not None:
            image.putalpha(Image.fromarray(mask))
        if "exif" in self.info:
            image.info["exif"] = self.info["exif"]
        return image

    def _blocks(self):
        """Yields (rows, values (h, W, 1 or 3), alpha uint8 (h, W) or None)."""
        for top in range(0, len(self._stored), ROWS):
            rows = slice(top, top + ROWS)
            values, alpha = self._values(rows)
            hole = self.info.get("transparency")
            if alpha is None and hole is not None:
                alpha = np.where((values == hole).all(-1), 0, 255).astype(np.uint8)
            yield rows, values, alpha

    def _values(self, rows):
        stored = self._stored[rows].astype(np.float64)
        if not self.packed:
            return stored[..., None], None
        if self.grey:
            return stored[..., :1] * 256 + stored[..., 1:2], self._stored[rows, :, 2]
        whole = stored * 256 + self._low[rows]
        alpha = self._stored[rows, :, 3] if whole.shape[-1] == 4 else None
        return whole[..., :3], alpha


def is_deep(image: ImageFile.ImageFile) -> bool:
    """Whether an image that Pillow opened and did not load has more than 8 bits."""
    return image.mode == "F" or image.mode[0] == "I" or bool(_packing(image))


def is_grey(image: ImageFile.ImageFile) -> bool:
    """Whether such an image is grey."""
    return _packing(image)[:1] in ((), ("LA",))


def takes_two(image: ImageFile.ImageFile) -> bool:
    """Whether the image has to be opened twice, for the two bytes of each number."""
    return not is_grey(image)


def _packing(image) -> tuple[Any, ...]:
    """The channels and the order of bytes of 16 bits in all tiles of an image, or ()."""
    found = {_raw(tile.args) for tile in getattr(image, "tile", ())}
    packing = PACKING.fullmatch(found.pop()) if len(found) == 1 else None
    return packing.groups() if packing else ()


def _repack(image, low):
    """Has an image that is not loaded yet take the high bytes, or the low ones."""
    colours, order = _packing(image)
    if colours == "LA":
        raw = "RGBA"
    else:
        big = (sys.byteorder == "big") if order == "N" else order == "B"
        raw = f"{colours};16{'B' if big != low else 'L'}"
    image.tile = [
        tile._replace(args=raw if isinstance(tile.args, str) else (raw, *tile.args[1:]))
        for tile in image.tile
    ]


def _raw(args):
    """Pillow's name of the packing, of the arguments of a tile's decoder."""
    first = args if isinstance(args, str) else (args or ("",))[0]
    return first if isinstance(first, str) else ""
