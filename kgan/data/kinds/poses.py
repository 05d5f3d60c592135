"""The kind of motions: the poses of a body over time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from kgan.data.kinds.kind import Kind
from kgan.data.kinds.skeleton import NUMBERS, drawn
from kgan.pictures import save_animation, tile
from kgan.typing import PathLike, Tensor

MOST_SHOWN = 12  # poses of a motion in a still picture
CELL, LARGE_CELL = 64, 128  # pixels


class Poses(Kind):
    """Motions, stored as float32 (T, 43): root and joints, see `kgan.data.kinds.skeleton`.

    Networks take them with a mean of 0 and a deviation of 1. A still picture shows stick
    figures from left to right. One motion is written as an array, and next to it as a GIF.

    Args:
        mean: of each number; () for 0.
        deviation: of each number; () for 1.
        rate: poses in a second.
    """

    name = "poses"
    plural = "motions"
    rank = 2
    suffixes = (".npy", ".gif")
    grid = (3, 4)

    def __init__(
        self,
        mean: Sequence[float] = (),
        deviation: Sequence[float] = (),
        rate: int = 25,
    ) -> None:
        self.mean = tuple(map(float, mean))
        self.deviation, self.rate = tuple(map(float, deviation)), int(rate)

    def plain(self) -> dict[str, Any]:
        return {
            "mean": [*self.mean],
            "deviation": [*self.deviation],
            "rate": self.rate,
        }

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts poses (n, T, d) to numbers of mean 0 and deviation 1."""
        if not self.mean:
            return stored
        mean, deviation = (
            ops.convert_to_tensor(one, "float32") for one in (self.mean, self.deviation)
        )
        return (ops.cast(stored, "float32") - mean) / deviation

    def from_network(self, x: Tensor) -> Tensor:
        """Converts numbers of mean 0 and deviation 1 to poses, float32."""
        if not self.mean:
            return ops.cast(x, "float32")
        mean, deviation = (
            ops.convert_to_tensor(one, "float32") for one in (self.mean, self.deviation)
        )
        return ops.cast(x, "float32") * deviation + mean

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray | None:
        """Returns the stick figures of each motion, one motion below the other."""
        motions = np.asarray(values)
        if motions.shape[-1] != NUMBERS:
            return None
        length = motions.shape[1]
        shown = np.linspace(0, length - 1, min(length, MOST_SHOWN)).round().astype(int)
        figures = drawn(motions[:, shown], CELL)
        return tile(
            figures.reshape(-1, *figures.shape[2:]), len(motions), len(shown), 1
        )

    def animation(self, values: np.ndarray, columns: int) -> np.ndarray | None:
        """Returns the stick figures of all motions, next to each other."""
        motions = np.asarray(values)
        if motions.shape[-1] != NUMBERS:
            return None
        figures, rows = drawn(motions, LARGE_CELL), -(-len(motions) // columns)
        return np.stack([tile(one, rows, columns, 1) for one in figures.swapaxes(0, 1)])

    def write(self, path: PathLike, value: np.ndarray) -> None:
        super().write(path, value)
        frames = self.animation(np.asarray(value)[None], 1)
        if frames is not None:
            film = Path(path).with_suffix(".gif")
            save_animation(film, frames, round(1000 / self.rate))

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"motions of {shape[0]} poses of {shape[1]} numbers"
