"""Conditional scores: which classes samples are asked for, and scores class by class."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kgan import metrics
from kgan.data import Dataset
from kgan.evaluation.collected import Collected
from kgan.evaluation.reference import Reference
from kgan.evaluation.sources import Source

# How a stamp says which classes the samples were asked for. A generator that takes no
# labels chooses its own classes, and is compared with one that follows the data's.
AS_DATA = "in the data's frequencies, where the generator takes labels"
ITS_OWN = "as the generator draws them: its classes are not the data's"


def protocol(source: Source, data: Dataset) -> str:
    """Returns the words of a stamp for how the samples of `source` get their labels."""
    unlike = source.takes_labels and source.numbers(data.classes) is None
    return ITS_OWN if unlike else AS_DATA


def drawn_labels(source: Source, data: Dataset, n: int, seed: int) -> np.ndarray | None:
    """Returns the classes that `n` samples are asked for, (n,) int32 in order, or None.

    They are the labels of `data` in an order by chance, again and again. None is for a
    source that does not take the data's classes.
    """
    if "label" not in data or source.numbers(data.classes) is None:
        return None
    shuffled = np.random.default_rng([seed, n]).permutation(data["label"])
    return np.sort(np.resize(shuffled, n)).astype(np.int32)


def batches(
    source: Source, data: Dataset, n: int, seed: int, labels: np.ndarray | None
) -> Iterator[tuple[np.ndarray, Any]]:
    """Returns the batches of `source`, of these `labels` of the data, if any."""
    numbers = source.numbers(data.classes)
    if labels is None or numbers is None:
        return source.batches(n, seed)
    return source.batches(n, seed, numbers[labels])


def table(
    generated: Collected,
    asked: np.ndarray,
    reference: Reference,
    floor: tuple[Collected, Collected],
) -> list[dict[str, Any]]:
    """Returns a list of dicts, one for each class, of its counts and scores.

    Args:
        generated: the `Collected` samples, with labels.
        asked: the class of each sample, (n,).
        reference: the `Reference`.
        floor: two sets of real images, `Collected`, with labels, or without.

    Distances are of the features that are kept, and None for fewer than two of either.
    """
    name, classes = f"FID-{reference.extractor.name}", reference.train.classes
    columns = {
        name: _distances(generated, reference.real, len(classes)),
        f"{name} of real images": _distances(*floor, len(classes)),
    }
    rows: list[dict[str, Any]] = []
    for number, told in enumerate(classes):
        row: dict[str, Any] = {
            "class": told,
            "real": int(np.sum(reference.train["label"] == number)),
        }
        row["generated"] = int(np.sum(asked == number))
        if reference.classifier:
            own = generated.predictions[asked == number]
            row["label_accuracy"] = float(np.mean(own == number)) if len(own) else None
        rows.append(row | {key: values[number] for key, values in columns.items()})
    return rows


def _distances(first, second, classes):
    """The Frechet distance of each class, None for fewer than two samples of either."""
    if first.labels is None or second.labels is None:
        return [None] * classes
    features = [(one.features, one.labels) for one in (first, second)]
    found = []
    for number in range(classes):
        parts = [values[labels == number] for values, labels in features]
        few = min(map(len, parts)) < 2
        moments = [metrics.Moments().add(part) for part in parts]
        found.append(None if few else metrics.frechet_distance(*moments))
    return found
