"""A classifier of a data set, tested on images that it has not learned from."""

import numpy as np

from kgan.data import Dataset, evenly
from kgan.metrics import Classifier, fit_classifier
from kgan.metrics.classifier import takes
from kgan.metrics.network import UPDATES
from kgan.typing import Log, PathLike


def classifier_of(
    train: Dataset,
    held_out: Dataset | None,
    *,
    cache: PathLike | None = None,
    updates: int = UPDATES,
    log: Log = print,
) -> Classifier | None:
    """Trains a classifier of a data set's labels, or loads it from the folder `cache`.

    It is tested on `held_out`, or else on a `tenth` of `train`, of which it then learns
    the rest.

    Args:
        train: images, uint8 (n, H, W, C), with or without labels.
        held_out: other images of the same kind, or None.
        cache: folder for trained classifiers, or None.
        updates: of the classifier, at the least.
        log: called with a line about its accuracy, or about why there is none.

    Returns:
        The `Classifier`; None where there are no labels, fewer than two classes, no
        class with two images, or sides that it does not take.
    """
    sides = train.fields["real"].shape[:2]
    if "label" not in train or len(train.classes) < 2:
        return None
    if not takes(sides):
        return None  # some networks draw other images than a classifier sees
    fit, test = parts(train, held_out)
    if not len(test):
        log("classifier: none, for no class has a second image to test it with")
        return None
    return fit_classifier(
        fit["real"],
        fit["label"],
        len(train.classes),
        test_pixels=test["real"],
        test_labels=test["label"],
        cache=cache,
        updates=updates,
        log=log,
    )


def parts(train: Dataset, held_out: Dataset | None) -> tuple[Dataset, Dataset]:
    """Returns what a classifier of `train` learns from, and what tests it.

    Held-out images of a class that `train` lacks, such as a combination of attributes that
    never occurs in it, test nothing.
    """
    if held_out is not None and "label" in held_out:
        return train, held_out.part(np.isin(held_out["label"], train["label"]))
    odd = tenth(train["label"])
    return train.part(~odd), train.part(odd)


def tenth(labels: np.ndarray) -> np.ndarray:
    """Returns which images test a classifier of the others, (n,) bool: a tenth of a class.

    It is one image at the least, but never the only one of a class.
    """
    held = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        count = min(len(rows) - 1, max(1, len(rows) // 10))
        held[evenly(rows, count)] = True
    return held
