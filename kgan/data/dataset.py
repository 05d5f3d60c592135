"""Data sets: named fields, each of a kind, in groups of rows."""

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kgan.data.kinds import KINDS, Kind
from kgan.data.shards.array import ShardedArray, pieces
from kgan.errors import UserError

MOST_CLASSES = 40  # that one line names
PLACES = {ShardedArray: "in shards", np.memmap: "in a memory-mapped file"}


class Field(NamedTuple):
    """The shape, dtype and kind of one column of a data set.

    Attributes:
        shape: the shape of one example.
        dtype: the dtype in which it is stored.
        kind: a `kgan.data.kinds.Kind`.

    Example:
        field = kgan.Field((8, 8, 1), "uint8", kgan.data.kinds.KINDS["image"])
        field.kind.describe(field.shape)  # "images 8x8x1"
    """

    shape: tuple[Any, ...]
    dtype: str
    kind: Kind

    @classmethod
    def of(cls, array: np.ndarray, kind: Kind) -> "Field":
        """Returns the field of an array (n, ...)."""
        return cls(tuple(array.shape[1:]), np.dtype(array.dtype).name, kind)

    @classmethod
    def by_shape(cls, shape: tuple[int, ...]) -> "Field":
        """Returns the field of what a network makes, where no run says what that is.

        Three dimensions are an image, others are numbers.
        """
        if len(shape) == 3:
            return cls(tuple(shape), "uint8", KINDS["image"])
        return cls(tuple(shape), "float32", KINDS["vector"])

    def plain(self) -> dict[str, Any]:
        """Returns the field as a dict that JSON can hold."""
        told = {"shape": [*self.shape], "dtype": self.dtype, "kind": self.kind.name}
        return told | self.kind.plain()

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Field":
        """Returns the field of a dict of `plain`; KeyError, TypeError or ValueError."""
        rest = {k: v for k, v in plain.items() if k not in ("shape", "dtype", "kind")}
        shape, kind = map(int, plain["shape"]), KINDS[plain["kind"]].of_plain(rest)
        return cls(tuple(shape), np.dtype(plain["dtype"]).name, kind)


@dataclasses.dataclass(frozen=True)
class Spec:
    """The fields and classes of the data that a game is built for.

    Attributes:
        fields: name -> `Field`.
        classes: the names of the classes, () without labels.
    """

    fields: dict[str, Any]
    classes: tuple[Any, ...] = ()

    def __getitem__(self, name: str) -> Field:
        if name not in self.fields:
            told = f"has no '{name}', only {', '.join(self.fields)}"
            raise UserError("dataset", told)
        return self.fields[name]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example of the field "real", such as (H, W, C)."""
        return self.fields["real"].shape


@dataclasses.dataclass(frozen=True, eq=False)
class Generated:
    """A group of rows that are drawn when they are needed, without end.

    Attributes:
        length: how many rows count as one pass.
        draw: (n, seed, int32 (2,)) -> {name: tensor (n, ...)}, a function of the seed.
        text: says what is drawn; it is part of the digest.
    """

    length: int
    draw: Callable[..., Any]
    text: str

    def __len__(self) -> int:
        return self.length


@dataclasses.dataclass(frozen=True, eq=False)
class Dataset:
    """A data set: groups of rows with named fields.

    The fields of one group belong together, row by row, such as an image and its label.
    Groups are shuffled independently, such as two domains without pairs; a pass goes
    through the longest group, and the shorter ones are repeated.

    Attributes:
        name: such as "digits", or a folder's name.
        fields: name -> `Field`. "real" is what G learns to make; "label" is another one.
        groups: each a dict, name -> array (n, ...), in memory, memory-mapped or in
            shards, or a `Generated`.
        classes: the names of the classes, () without labels.
        held_out: a `Dataset` with the same fields that is not trained on, or None.
        left_out: one line per file that is not used: "path: reason".
        levels: name of a field -> the two values of its pictures that became 0 and
            255; without those whose pictures have 8 bits.
        text: a description in one line; "" for one made from the fields.
        attributes: what is known of the examples, name -> `kgan.data.Attribute`.
        alternatives: name of a field -> array (n, k, ...) of all that a row may have in
            it, such as captions; those that a row lacks are 0. `batches` draws one.
        readers: name of an attribute -> a function that reads it off pictures, uint8
            (n, H, W, C), without a network: int32 (n,).
        views: the same -> a function of pictures that leaves only what shows it, for a
            classifier of the attribute.

    Example:
        pixels = np.zeros((10, 8, 8, 1), "uint8")
        data = kgan.data.arrays.images(pixels, labels=np.arange(10) % 2)
        data.describe()  # "images: 10 images 8x8x1, 0 classes, 640 bytes in memory"
    """

    name: str
    fields: dict[str, Any]
    groups: tuple[Any, ...]
    classes: tuple[Any, ...] = ()
    held_out: "Dataset | None" = None
    left_out: tuple[Any, ...] = ()
    text: str = ""
    levels: dict[str, Any] = dataclasses.field(default_factory=dict)
    attributes: dict[str, Any] = dataclasses.field(default_factory=dict)
    alternatives: dict[str, Any] = dataclasses.field(default_factory=dict)
    readers: dict[str, Any] = dataclasses.field(default_factory=dict)
    views: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.groups:
            if not isinstance(group, Generated):
                lengths = {name: len(array) for name, array in group.items()}
                if len(set(lengths.values())) > 1:
                    told = ", ".join(f"{name} {n:,}" for name, n in lengths.items())
                    raise UserError(
                        self.name, f"rows that belong together differ in number: {told}"
                    )

    def __len__(self) -> int:
        """Rows of the longest group, which one pass goes through."""
        return max(_rows(group) for group in self.groups)

    def __getitem__(self, name: str) -> np.ndarray:
        """The array of a field, (n, ...)."""
        for group in self.groups:
            if not isinstance(group, Generated) and name in group:
                return group[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def take(self, count: int) -> dict[str, np.ndarray]:
        """Returns up to `count` evenly spaced rows of each field: name -> array."""
        found = {}
        for group in self.groups:
            if isinstance(group, Generated):
                drawn = group.draw(count, np.array([0, 1], np.int32))
                found |= {name: np.asarray(value) for name, value in drawn.items()}
            else:
                found |= {name: evenly(array, count) for name, array in group.items()}
        return found

    def describe(self) -> str:
        """Returns one line: how many examples of what, the classes, where they lie."""
        return f"{self.name}: {self.text or self._from_fields()}"

    def describe_classes(self) -> str:
        """Returns one line: number, name and count of each class; "" without labels."""
        if "label" not in self or not self.classes:
            return ""
        counts = np.bincount(self["label"], minlength=len(self.classes))
        told = [
            f"{number}{'' if name == str(number) else f' {name}'} ({count:,})"
            for number, (name, count) in enumerate(
                zip(self.classes, counts, strict=False)
            )
        ]
        more = len(told) - MOST_CLASSES
        rest = [f"and {more:,} more"] if more > 0 else []
        return f"classes: {', '.join(told[:MOST_CLASSES] + rest)}"

    def _from_fields(self):
        field = self.fields["real"]
        parts = [f"{len(self):,} {field.kind.describe(field.shape)}"]
        if field.kind == KINDS["image"]:
            count = len(self.classes)
            classes = f"{count} {'class' if count == 1 else 'classes'}"
            parts.append(classes if "label" in self else "no labels")
        return ", ".join([*parts, self._place()])

    def _place(self):
        arrays = self._arrays()
        if not arrays:
            return "made as they are needed"
        place = next(
            (PLACES[type(a)] for a in arrays if type(a) in PLACES), "in memory"
        )
        return f"{readable_size(sum(a.nbytes for a in arrays if a.ndim > 1))} {place}"

    def digest(self) -> str:
        """Returns the BLAKE2 hash, in hexadecimal, of all data that are trained on."""
        total = hashlib.blake2b(digest_size=16)
        for group in self.groups:
            if isinstance(group, Generated):
                total.update(group.text.encode())
                continue
            further = [v for k, v in self.alternatives.items() if k in group]
            for array in [*group.values(), *further]:
                total.update(f"{array.dtype} {array.shape}".encode())
                for piece in pieces(array):
                    total.update(piece)
        return total.hexdigest()

    @property
    def unit(self) -> str:
        """The word for the examples, such as "images"."""
        return self.fields["real"].kind.plural

    @property
    def spec(self) -> Spec:
        """The `Spec` that a game is built for."""
        return Spec(self.fields, self.classes)

    def part(self, rows: slice | np.ndarray) -> "Dataset":
        """Returns a data set of these rows, a slice or an index, of every array."""
        groups = tuple(
            group if isinstance(group, Generated) else _chosen(group, rows)
            for group in self.groups
        )
        attributes = {
            name: one._replace(values=one.values[rows])
            for name, one in self.attributes.items()
        }
        return dataclasses.replace(
            self,
            groups=groups,
            text="",
            attributes=attributes,
            alternatives=_chosen(self.alternatives, rows),
        )

    @property
    def nbytes(self) -> int:
        """The size in bytes of all arrays but those in shards, of which little is read."""
        return sum(
            one.nbytes for one in self._arrays() if not isinstance(one, ShardedArray)
        )

    def _arrays(self):
        return [a for g in self.groups if isinstance(g, dict) for a in g.values()]


def _chosen(group, rows):
    return {
        name: (a.part if isinstance(a, ShardedArray) else a.__getitem__)(rows)
        for name, a in group.items()
    }


def _rows(group):
    return len(group if isinstance(group, Generated) else next(iter(group.values())))


def readable_size(byte_count: float) -> str:
    """Returns a number of bytes with a decimal unit, such as "47 MB"."""
    size = float(byte_count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def evenly(array: np.ndarray, count: int) -> np.ndarray:
    """Returns `count` evenly spaced rows, or all: neighbours are often alike."""
    rows = np.linspace(0, len(array) - 1, min(count, len(array)))
    return np.ascontiguousarray(array[rows.round().astype(int)])
