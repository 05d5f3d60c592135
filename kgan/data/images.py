"""The data set that every source ends in."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Images:
    """A data set, decoded once.

    Attributes:
        name: "digits", "mnist", or the folder's name.
        pixels: uint8, (N, H, W, C), in memory or memory-mapped.
        labels: int32, (N,), indices into `classes`; None when there are none.
        classes: the names of the classes, () when unlabelled.
        left_out: one line per file that could not be used: "path: reason".
    """

    name: str
    pixels: np.ndarray
    labels: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __len__(self):
        return len(self.pixels)

    @property
    def image_shape(self):
        """(height, width, channels) of every image."""
        return self.pixels.shape[1:]

    @property
    def resolved_fields(self):
        """The fields of a configuration that the data decides."""
        side, _, channels = self.image_shape
        return {"image_size": side, "channels": channels}

    @property
    def shown(self):
        """What sample grids show of it, name -> uint8 (n, H, W, C): nothing."""
        return {}

    @property
    def parts(self):
        """What a batch is made of: groups of arrays, name -> (n, ...).

        Rows of one group belong together; groups are drawn independently, and the
        shorter ones begin anew within an epoch. uint8 is pixels.
        """
        labels = {} if self.labels is None else {"label": self.labels}
        return ({"real": self.pixels} | labels,)

    def describe(self):
        """One line: how many images, their shape, the classes and where they lie."""
        shape = "x".join(str(length) for length in self.image_shape)
        mapped = isinstance(self.pixels, np.memmap)
        return (
            f"{self.name}: {len(self):,} images {shape}, {self._describe_labels()}, "
            f"{readable_size(self.pixels.nbytes)} "
            f"{'in a memory-mapped file' if mapped else 'in memory'}"
        )

    def _describe_labels(self):
        if self.labels is None:
            return "no labels"
        return f"{len(self.classes)} {'class' if len(self.classes) == 1 else 'classes'}"


def readable_size(byte_count):
    """Write a number of bytes with a decimal unit, such as "47 MB"."""
    size = float(byte_count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def evenly(pixels, count):
    """`count` of the images, or all, from first to last: neighbours are often alike."""
    rows = np.linspace(0, len(pixels) - 1, min(count, len(pixels)))
    return np.ascontiguousarray(pixels[rows.round().astype(int)])
