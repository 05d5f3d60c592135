"""Drawn faces with attributes, their true edits, and a classifier that measures edits."""

import functools
from typing import Any, NamedTuple

import numpy as np

from kgan import metrics
from kgan.data import Dataset, load, load_held_out
from kgan.data.decoding import threads
from kgan.data.decoding.picture import Transform
from kgan.errors import UserError
from kgan.experiments.papers.folders import find
from kgan.sizes import Size

NAME, FOLDER, SIDE = "edits", "avatars", 64
EDITED = ("mouth", "glasses", "beard", "skin")  # that the translator learns
CLASSIFIER_UPDATES, QUICK_CLASSIFIER_UPDATES = 400, 5  # of each attribute
UNSEEN = ("hair_colour",)  # which a bald head does not show
QUICK_FACES, QUICK_EDITS = 400, 20  # to learn from, and to edit


class Faces(NamedTuple):
    """Test faces that lack what a change asks for, and their true edits.

    Attributes:
        before, true: uint8 (n, H, W, 3).
        region: rows and columns that the true edits of this attribute change.
    """

    before: np.ndarray
    true: np.ndarray
    region: tuple[slice, slice]


@functools.cache
def data(quick: bool) -> tuple[Dataset, Dataset]:
    """Returns the faces to learn from, and those of the part test."""
    silent: Any = {"log": lambda line: None}
    root = str(find(FOLDER, NAME))
    train = load(root, attributes=(), image_size=SIDE, channels=3, **silent)
    test = load_held_out(root, train, **silent)
    lacking = [name for name in EDITED if name not in train.attributes]
    if test is None or lacking:
        told = f"no column {lacking[0]}" if lacking else "no part test"
        raise UserError(root, f"has {told}", exit_code=1)
    return train.part(slice(QUICK_FACES if quick else None)), test


@functools.cache
def changed(change: str, quick: bool) -> Faces:
    """Returns the faces for a change such as "mouth=smirk"."""
    name, option = change.split("=")
    _, test = data(quick)
    folder = find(FOLDER, NAME) / "edits"
    files = sorted(folder.glob(f"*-{name}-{option}.png"))
    if not files:
        raise UserError(folder, f"has no picture *-{name}-{option}.png", exit_code=1)
    rows = np.array([int(file.name.split("-")[0]) for file in files])
    true = np.empty((len(files), SIDE, SIDE, 3), np.uint8)
    reasons = threads.read_pictures(files, true, Transform(Size(SIDE, SIDE), 3))
    for file, why in zip(files, reasons, strict=True):
        if why:
            raise UserError(file, why, exit_code=1)
    before, known = np.asarray(test["real"])[rows], test.attributes[name]
    different = np.any(before != true, axis=(0, 3))
    region = _span(different.any(1)), _span(different.any(0))
    other = np.flatnonzero(known.values[rows] != known.options.index(option))
    some = other[: QUICK_EDITS if quick else None]
    return Faces(before[some], true[some], region)


def _span(places):
    """The slice from the first to the last place that is true."""
    there = np.flatnonzero(places)
    return slice(int(there[0]), int(there[-1]) + 1)


def mean_face(change: str, quick: bool) -> np.ndarray:
    """Returns the mean of the faces to learn from that have an option, (H, W, 3)."""
    name, option = change.split("=")
    train, _ = data(quick)
    known = train.attributes[name]
    rows = np.flatnonzero(known.values == known.options.index(option))
    return np.asarray(train["real"])[rows].mean(0).round().astype(np.uint8)


class Classifiers:
    """A classifier for each attribute: together they have too few features for all.

    Args:
        train: faces to learn from.
        given: for each `kgan.metrics.fit_attributes`.
    """

    def __init__(self, train: Dataset, **given: Any) -> None:
        self.names = [name for name in train.attributes if name not in UNSEEN]
        self.models = [
            metrics.fit_attributes(
                np.asarray(train["real"]),
                train.attributes[name].values[:, None],
                [len(train.attributes[name].options)],
                **given,
            )
            for name in self.names
        ]

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Returns the most probable option of each attribute, int32 (n, A)."""
        return np.concatenate([one.predict(images) for one in self.models], 1)


@functools.cache
def classifier(folder, quick, log):
    """Returns the `Classifiers` that measure edits; says how good they are on test faces."""
    train, test = data(quick)
    model = Classifiers(
        train,
        cache=folder,
        seed=1,  # not the one with which directions are found
        updates=QUICK_CLASSIFIER_UPDATES if quick else CLASSIFIER_UPDATES,
        log=log,
    )
    true = np.stack([test.attributes[name].values for name in model.names], 1)
    right = (model.predict(np.asarray(test["real"])) == true).mean(0)
    told = [f"{n} {100 * one:.1f} %" for n, one in zip(model.names, right, strict=True)]
    log(f"{NAME}: the classifiers are right on test faces: {', '.join(told)}")
    return model


def answers(
    model: Classifiers, change: str, before: np.ndarray, after: np.ndarray, quick: bool
) -> dict[str, float]:
    """Returns the `kgan.metrics.answer_report` of a change by classifiers."""
    name, option = change.split("=")
    return metrics.answer_report(
        model.predict(before),
        model.predict(after),
        model.names.index(name),
        data(quick)[0].attributes[name].options.index(option),
    )
