"""The kind of images with 8-bit pixels."""

from collections.abc import Sequence

import numpy as np
from keras import ops

from kgan.data.kinds.kind import Kind
from kgan.errors import UserError
from kgan.pictures import CELL, LARGE_CELL, save_png, tile, titled
from kgan.typing import PathLike, Tensor

CHANNELS = (1, 3)  # grey and colour
FEW_COLUMNS = 7  # up to which a grid shows its pictures larger


class Image(Kind):
    """Images, stored as uint8 (H, W, 1 or 3); networks take and return [-1, 1]."""

    name = "image"
    plural = "images"
    dtypes = ("uint8",)
    rank = 3
    bounded = True
    suffix = ".png"

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts 0..255, of any numeric dtype, to float32 in [-1, 1]."""
        # In this order black is -1 and white 1, exactly. Of a division XLA would make a
        # product with the inverse, and other bits than those without it.
        return (ops.cast(stored, "float32") - 127.5) * (1.0 / 127.5)

    def from_network(self, x: Tensor) -> Tensor:
        """Converts [-1, 1] to uint8 0..255, rounded; values outside are clipped."""
        x = ops.clip(ops.cast(x, "float32"), -1.0, 1.0)
        return ops.cast(ops.round((x + 1.0) * 127.5), "uint8")

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray:
        rows = -(-len(values) // columns)
        if len(titles):
            return tile(titled(values, titles), rows, columns, cell=1)
        cell = LARGE_CELL if columns < FEW_COLUMNS else CELL
        return tile(np.asarray(values), rows, columns, cell)

    def write(self, path: PathLike, value: np.ndarray) -> None:
        save_png(path, np.asarray(value))

    def check(self, name: str, array: np.ndarray) -> None:
        super().check(name, array)
        if array.shape[-1] not in CHANNELS:
            raise UserError(name, f"images have 1 or 3 channels; got {array.shape[-1]}")

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"images {'x'.join(map(str, shape))}"
