"""The base class of the kinds of data."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from kgan.errors import UserError
from kgan.typing import PathLike, Tensor, Tensors


class Kind:
    """Base class of the kinds of data: float32 arrays that networks take as they are.

    Attributes:
        name: the name in a run's record.
        plural: the name of several, which an exported generator and messages use.
        dtypes: the dtypes in which its arrays may be stored.
        rank: the number of dimensions of one example; None for any.
        bounded: whether the input of a network lies in [-1, 1].
        grid: rows and columns of a preview.
        suffix: the suffix of the file of one example.
        suffixes: of all files that `write` leaves; () for `suffix` alone.
        together: the suffix of a file that shows several: a picture, or a text.
    """

    name: str = "kind"
    plural: str = "data"
    dtypes: tuple[str, ...] = ("float32",)
    rank: int | None = None
    bounded: bool = False
    suffix: str = ".npy"
    suffixes: tuple[str, ...] = ()
    together: str = ".png"
    grid: tuple[int, int] = (8, 8)

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts stored data, (n, ...), to the input of a network, inside the graph."""
        return stored

    def from_network(self, x: Tensor) -> Tensor:
        """Converts the output of a network to stored data, as the inverse."""
        return x

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray | None:
        """Returns a picture of several examples, uint8 (h, w, 1 or 3), or None.

        Args:
            values: stored data, (n, ...), row by row.
            columns: examples in a row.
            real: stored data to compare with, (n, ...), or None.
            titles: a text for each example, if there are any.
        """
        return

    def animation(self, values: np.ndarray, columns: int) -> np.ndarray | None:
        """Returns several examples in motion, uint8 (frames, h, w, 1 or 3), or None.

        Args:
            values: stored data, (n, ...), row by row.
            columns: examples in a row.
        """
        return

    def sound(self, values: np.ndarray) -> np.ndarray | None:
        """Returns some examples as sound, as `kgan.sounds.synthesise` does, or None.

        Args:
            values: stored data, (n, ...).
        """
        return

    def text(self, values: np.ndarray) -> str:
        """Returns several examples, (n, ...), as text, a line each; "" if they are none."""
        return ""

    def exported(self, stored: Tensor) -> Tensors:
        """Returns what an exported generator returns of its samples: name -> (n, ...)."""
        return {self.plural: stored}

    def titles(self, values: np.ndarray) -> list[str]:
        """Returns a title for whatever belongs to each example; [] if this is none."""
        return []

    def write(self, path: PathLike, value: np.ndarray) -> None:
        """Writes one example, stored data, to a file whose name ends in `suffix`."""
        np.save(path, value)

    def check(self, name: str, array: np.ndarray) -> None:
        """Raises UserError if `array`, (n, ...), is not of this kind."""
        rank = array.ndim - 1
        if array.dtype.name not in self.dtypes or self.rank not in (None, rank):
            raise UserError(
                name,
                f"{self.name} data are {' or '.join(self.dtypes)}"
                + (
                    f" with {self.rank} dimensions each"
                    if self.rank is not None
                    else ""
                )
                + f"; got {array.dtype.name} with {rank}",
            )

    def describe(self, shape: tuple[int, ...]) -> str:
        """Returns what the examples are, in words such as "images 28x28x1"."""
        sizes = "x".join(map(str, shape))
        return f"{self.name} {sizes}".strip()

    def plain(self) -> dict[str, Any]:
        """Returns the arguments of the class as a dict that JSON can hold."""
        return {}

    def of_plain(self, values: dict[str, Any]) -> Self:
        """Returns the kind of this class with the arguments that `plain` returned."""
        return type(self)(**values) if values else self

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and (
            (type(self), self.plain()) == (type(other), other.plain())
        )

    def __hash__(self) -> int:
        return hash(type(self))


def titles_of(fields: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """Returns the title of each example, such as its caption; [] without titles.

    Args:
        fields: name -> `kgan.data.Field`.
        values: name -> stored data (n, ...); names that are no fields are passed over.
    """
    for name in fields.keys() & values.keys():
        found = fields[name].kind.titles(np.asarray(values[name]))
        if found:
            return found
    return []
