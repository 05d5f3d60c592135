"""Data sets of what a Python user holds: arrays, pairs of arrays, `tf.data` data sets."""

from typing import Any

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset
from kgan.data.kinds import Image, Label, Points, Vector
from kgan.data.kinds.image import CHANNELS
from kgan.data.sources import arrays
from kgan.data.sources.arrays import Columns, checked_labels, checked_numbers
from kgan.errors import UserError

READ_TOGETHER = 1024  # examples of a `tf.data.Dataset`


def dataset(given: Any, name: str = "data") -> Dataset:
    """Returns the `Dataset` of data in memory.

    Args:
        given: one of
            - an array: images, uint8 (n, H, W, 1 or 3) or (n, H, W), or rows of numbers
              (n, d);
            - a pair (array, labels), with labels (n,), whole numbers from 0;
            - a dict, name of a field -> array: "real", and "label" or "source";
            - a finite `tf.data.Dataset` of such elements, one example or one batch each.
              It is read once, and kept in memory.
        name: of the data set.

    Raises:
        UserError: another object, or arrays that are no data.
    """
    if isinstance(given, tf.data.Dataset):
        given = _read(given)
    columns = _named(given)
    if columns is None:
        raise UserError(
            f"dataset={type(given).__name__}",
            "is no data",
            "give a name, a folder, an array, a pair (array, labels), a dict of arrays, "
            "a tf.data.Dataset or a kgan.Dataset",
        )
    if "real" not in columns:
        names = ", ".join(map(str, columns)) or "none"
        raise UserError("dataset", f'needs a field "real"; there are {names}')
    found: Columns = {k: _of_kind(k, np.asarray(a)) for k, a in columns.items()}
    labels = found["label"][0] if "label" in found else np.zeros(0)
    classes = tuple(map(str, range(int(labels.max()) + 1))) if len(labels) else ()
    return arrays.one_group(name, found, classes=classes)


def _named(given):
    """The columns of what was given, name -> array; None for something else."""
    if isinstance(given, dict):
        return given
    if isinstance(given, np.ndarray | tf.Tensor | tf.TensorSpec):
        return {"real": given}
    if isinstance(given, tuple | list) and len(given) == 2:
        return dict(zip(("real", "label"), given, strict=True))
    return None


def _read(given):
    """The elements of a `tf.data.Dataset`, joined to columns."""
    if given.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise UserError("dataset", "never ends", "leave `.repeat()` out")
    specs = _named(given.element_spec)
    if specs is None or "real" not in specs:
        return {}
    names, shape = list(specs), specs["real"].shape
    sides = shape[-3:] if shape.rank == 3 and shape[-1] in CHANNELS else shape[1:]
    if not sides.is_fully_defined():
        raise UserError(
            "dataset", f"its examples differ in shape: {shape}", "resize them to one"
        )
    batched = shape.rank == 4 or (shape.rank and shape[0] is None)
    together = given if batched else given.batch(READ_TOGETHER)
    parts: list[Any] = [_named(element) for element in together.as_numpy_iterator()]
    if not parts:
        raise UserError("dataset", "is empty")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _of_kind(name, array):
    """The array as it is stored, and its kind."""
    if name == "label":
        return checked_labels(array), Label()
    if array.dtype == np.uint8 and array.ndim in (3, 4):
        return (array if array.ndim == 4 else array[..., None]), Image()
    if array.ndim == 2:
        points = array.shape[1] == 2
        return checked_numbers(name, array), Points() if points else Vector()
    if array.ndim in (3, 4) and array.size:
        raise UserError(
            name,
            f"images must be uint8, 0 to 255; got {array.dtype} between "
            f"{array.min():.4g} and {array.max():.4g}",
            "convert them first",
        )
    raise UserError(
        name,
        f"must be images (n, H, W, 1 or 3) or numbers (n, d); got shape {array.shape}",
    )
