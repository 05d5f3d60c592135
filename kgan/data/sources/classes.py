"""Labels that are the numbers of classes in a given order."""

import dataclasses

import numpy as np

from kgan.data.dataset import Dataset
from kgan.errors import UserError, few
from kgan.typing import Log


def numbered_as(data: Dataset, classes: tuple[str, ...]) -> Dataset:
    """Returns the data with labels that are numbers of `classes`, by their names."""
    if not classes or "label" not in data or data.classes == classes:
        return data
    numbers = {name: number for number, name in enumerate(classes)}
    there = np.unique(data["label"])
    unknown = [data.classes[i] for i in there if data.classes[i] not in numbers]
    if unknown:
        raise UserError(
            data.name,
            f"has the class {few(unknown)}, which the training does not know: it knows "
            f"{few(classes)}",
            "remove it, or give it one of these names",
        )
    table = np.array([numbers.get(name, -1) for name in data.classes], np.int32)
    (group,) = data.groups
    group = group | {"label": table[data["label"]]}
    return dataclasses.replace(data, groups=(group,), classes=classes)


def tell_lacking(data: Dataset, split: str, log: Log) -> None:
    """Logs a line about the classes of which the split of some data has no image."""
    if "label" not in data:
        return
    counts = np.bincount(data["label"], minlength=len(data.classes))
    lacking = [name for name, n in zip(data.classes, counts, strict=True) if not n]
    if lacking:
        log(f"{data.name}: the split {split} has no image of {few(lacking)}")
