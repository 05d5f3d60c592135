"""Data sets of arrays in memory."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from kgan.data.dataset import Dataset, Field
from kgan.data.kinds import Image, Kind, Label, Points, Vector
from kgan.errors import UserError

MOST_CLASSES = 100_000
Columns: TypeAlias = dict[str, tuple[np.ndarray, Kind]]


def images(
    pixels: np.ndarray,
    labels: ArrayLike | None = None,
    *,
    name: str = "images",
    classes: Sequence[str] = (),
    left_out: Sequence[str] = (),
    levels: tuple[float, ...] | None = None,
) -> Dataset:
    """Returns a data set of uint8 images (N, H, W, 1 or 3) and int32 labels (N,).

    Args:
        pixels: the images.
        labels: of the images, or None.
        name: of the data set.
        classes: the names of the labels.
        left_out: one line per file that is not used.
        levels: of pictures that had more than 8 bits, as `Dataset.levels` has them.

    Raises:
        UserError: the labels are no numbers of the classes.
    """
    columns: Columns = {"real": (pixels, Image())}
    if labels is not None:
        found = checked_labels(labels)
        if classes and found.size and found.max() >= len(classes):
            problem = (
                f"has the number {found.max()}, and there are {len(classes)} classes"
            )
            raise UserError("label", problem, "name them all, from that of 0 on")
        columns["label"] = (found, Label())
    return one_group(
        name,
        columns,
        classes=tuple(classes),
        left_out=tuple(left_out),
        levels={"real": levels} if levels else {},
    )


def checked_labels(labels: ArrayLike) -> np.ndarray:
    """Returns labels, whole numbers from 0, as int32 (N,).

    Raises:
        UserError: they are something else, or too large to be the numbers of classes.
    """
    found = np.asarray(labels)
    whole = np.issubdtype(found.dtype, np.integer) and found.ndim == 1
    if not whole or (found < 0).any():
        raise UserError(
            "label",
            f"must be whole numbers from 0, (n,); got {found.dtype}{found.shape}",
        )
    if found.size and found.max() >= MOST_CLASSES:
        raise UserError(
            "label",
            f"has the number {found.max()}, and there are at most {MOST_CLASSES:,} classes",
            "number the classes 0, 1, 2 and so on",
        )
    return found.astype(np.int32)


def checked_numbers(name: str, array: ArrayLike) -> np.ndarray:
    """Returns numbers as float32.

    Raises:
        UserError: they are no real numbers, or some are not finite.
    """
    found = np.asarray(array)
    if not np.can_cast(found.dtype, np.float32, "same_kind"):
        raise UserError(name, f"must be real numbers; got {found.dtype}")
    with np.errstate(over="ignore"):
        numbers = found.astype(np.float32)
    finite: np.ndarray = np.isfinite(numbers)
    odd = ~finite.all(axis=tuple(range(1, finite.ndim)))
    if odd.any():
        raise UserError(
            name,
            f"{odd.sum():,} of {found.shape[0]:,} rows have a NaN, an infinity or a number too "
            "large for float32",
            "leave these rows out",
        )
    return numbers


def domains(
    source: np.ndarray,
    target: np.ndarray,
    *,
    paired: bool,
    name: str = "domains",
    held_out: Sequence[np.ndarray] | None = None,
    left_out: Sequence[str] = (),
    levels: dict[str, tuple[float, ...]] | None = None,
) -> Dataset:
    """Returns a data set of two domains, uint8 (N, H, W, C) and (M, H, W, C').

    Args:
        source: the images of domain X, uint8 (N, H, W, C).
        target: the images of domain Y, uint8 (M, H, W, C'); they are the field "real".
        paired: whether row i of both is a pair; then N = M.
        held_out: (source, target), images that are not trained on, or None.
        name: of the data set.
        left_out: one line per file that is not used.
        levels: as `Dataset.levels`, or None.
    """
    columns = {"source": source, "real": target}
    fields = _fields({key: (array, Image()) for key, array in columns.items()})
    kept = None
    text = _describe(source, target, paired)
    if held_out is not None:
        kept = domains(*held_out, paired=paired, name=name)
        text += f", {len(held_out[0])} held out"
    groups = (columns,) if paired else tuple({k: v} for k, v in columns.items())
    found = {"held_out": kept, "left_out": tuple(left_out), "text": text}
    return Dataset(name, fields, groups, levels=levels or {}, **found)


def points(array: ArrayLike, *, name: str = "points") -> Dataset:
    """Returns a data set of points, float32 (N, d)."""
    return one_group(name, {"real": (checked_numbers(name, array), Points())})


def vectors(array: ArrayLike, *, name: str = "vectors") -> Dataset:
    """Returns a data set of rows of numbers, float32 (N, d)."""
    return one_group(name, {"real": (checked_numbers(name, array), Vector())})


def nothing() -> Dataset:
    """Returns a single 0, the data of a game without data, such as V = x y."""
    return vectors(np.zeros((1, 1)), name="nothing")


def one_group(name: str, columns: Columns, **rest: Any) -> Dataset:
    """Returns a data set of one group: `columns` is name -> (array, kind)."""
    group = {key: array for key, (array, _) in columns.items()}
    return Dataset(name, _fields(columns), (group,), **rest)


def _fields(columns):
    """The fields of columns, name -> (array, kind), each checked by its kind."""
    for name, (array, kind) in columns.items():
        kind.check(name, array)
    return {name: Field.of(array, kind) for name, (array, kind) in columns.items()}


def _describe(source, target, paired):
    shapes = ["x".join(map(str, array.shape[1:])) for array in (source, target)]
    if paired:
        return f"{len(source):,} pairs, {shapes[0]} to {shapes[1]}"
    return f"{len(source):,} {shapes[0]} to {len(target):,} {shapes[1]}, without pairs"
