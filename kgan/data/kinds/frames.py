"""The kind of clips: frames in their order."""

from collections.abc import Sequence

import numpy as np

from kgan.data.kinds.image import Image
from kgan.pictures import CELL, LARGE_CELL, save_animation, tile
from kgan.typing import PathLike

MOST_SHOWN = 16  # frames of a clip in a still picture


class Frames(Image):
    """Clips, stored as uint8 (T, H, W, 1 or 3); networks take and return [-1, 1].

    A still picture shows the frames of each clip from left to right. One clip is written
    as a GIF; grey ones are kept exactly, colours become those of a palette.
    """

    name = "frames"
    plural = "clips"
    rank = 4
    suffix = ".gif"
    grid = (4, 8)

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray:
        """Returns a film strip of each clip, one below the other."""
        clips = np.asarray(values)
        length = clips.shape[1]
        shown = np.linspace(0, length - 1, min(length, MOST_SHOWN)).round().astype(int)
        frames = clips[:, shown].reshape(-1, *clips.shape[2:])
        return tile(frames, len(clips), len(shown), CELL)

    def animation(self, values: np.ndarray, columns: int) -> np.ndarray:
        """Returns all clips at once, next to each other, frame by frame."""
        clips = np.asarray(values)
        rows, cell = -(-len(clips) // columns), LARGE_CELL if columns < 4 else 2 * CELL
        return np.stack(
            [tile(one, rows, columns, cell) for one in clips.swapaxes(0, 1)]
        )

    def write(self, path: PathLike, value: np.ndarray) -> None:
        save_animation(path, np.asarray(value))

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"clips of {shape[0]} frames {'x'.join(map(str, shape[1:]))}"
