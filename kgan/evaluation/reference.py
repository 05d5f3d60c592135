"""The real images that generated images are compared with."""

import dataclasses
import functools

import numpy as np

from kgan.applications.classifiers import classifier_of, parts
from kgan.data import Dataset, evenly, load, load_held_out
from kgan.errors import UserError
from kgan.evaluation.collected import Collected
from kgan.metrics import (
    Classifier,
    ClassifierFeatures,
    Features,
    InceptionFeatures,
    PixelFeatures,
)
from kgan.metrics.network import UPDATES
from kgan.typing import Log, PathLike

EXTRACTORS = ("auto", "classifier", "inception", "pixels")
LEAST = 7  # images of a set: each needs five neighbours of its own, and one more


@dataclasses.dataclass(frozen=True, eq=False)
class Reference:
    """A data set, its feature extractor and its classifier.

    Attributes:
        dataset: as given on the command line.
        train: what the generator learned from.
        held_out: other images of the same kind, or None where the set has none.
        extractor: of features.
        classifier: names the class of an image; None without labels.
        fit: what became of images of another shape.
        untested: names of the classes of which the classifier saw no test image.
        condition: the attributes whose combinations are the classes, if they are.
        cache: folder for trained classifiers, or None.
        updates: of the networks that measure, at the least.
    """

    dataset: str
    train: Dataset
    held_out: Dataset | None
    extractor: Features
    classifier: Classifier | None
    fit: str = "crop"
    untested: tuple = ()
    condition: tuple[str, ...] = ()
    cache: PathLike | None = None
    updates: int = UPDATES
    _warned: set = dataclasses.field(default_factory=set, repr=False)

    @functools.cached_property
    def real(self) -> Collected:
        """`Collected` from the training images."""
        return self._collected(self.train)

    @functools.cached_property
    def other(self) -> Collected:
        """`Collected` from the held-out images."""
        return self._collected(self.held_out)

    def floor(self, n: int) -> tuple[Collected, Collected]:
        """Returns two sets of real images, `Collected`, which a floor compares.

        They take the places of `n` generated images and of the training images: up to
        `n` held-out images, and all training images; without held-out images up to `n`,
        and half at the most, of the training images, and the rest of them.
        """
        if self.held_out:
            every = n >= len(self.held_out)
            return self.other if every else self._spread(self.held_out, n), self.real
        first = evenly(np.arange(len(self.train)), min(n, len(self.train) // 2))
        rest = np.setdiff1d(np.arange(len(self.train)), first)
        return self._collected(self.train, first), self._collected(self.train, rest)

    def floor_told(self, floor: tuple[Collected, Collected], n: int) -> str:
        """Returns what a `floor` of `n` images compares, in words."""
        first, second = (one.count for one in floor)
        told = f"{first:,} and {second:,} images of the data"
        if self.held_out:
            told = f"{first:,} test and {second:,} training images"
        if (first, second) == (n, len(self.train)):
            return told
        return (
            f"{told}, where the scores compare {n:,} and {len(self.train):,}: fewer images "
            "make a distance larger"
        )

    def check_enough(self) -> None:
        """Checks that there are enough real images for every score and its floor.

        Raises:
            UserError: there are fewer.
        """
        least = LEAST if self.held_out else 2 * LEAST
        if len(self.train) < least:
            raise UserError(
                self.dataset,
                f"holds {_images(len(self.train))}; scores compare sets of {LEAST} at the "
                "least with each other",
                f"use {2 * LEAST} or more, or {LEAST} and a test part of {LEAST}",
            )

    def warn(self, n: int, log: Log) -> str:
        """Logs, once, a warning if `n` samples or the real images are few; returns it."""
        dimensions = self.extractor(self.train["real"][:1]).shape[1]
        if min(n, len(self.train)) > dimensions:
            return ""
        warning = (
            f"fewer samples than dimensions: {n:,} generated and {len(self.train):,} real "
            f"images in {dimensions:,} dimensions; FID-{self.extractor.name} is larger "
            "than that of many images, and is comparable at equal counts only (KID has no "
            "such bias)"
        )
        if n not in self._warned:
            log(f"warning: {warning}")
        self._warned.add(n)
        return warning

    def _collected(self, data, rows=None):
        labels = None
        if "label" in data:
            labels = data["label"]
        return Collected.of(self.extractor, data["real"], self.classifier, labels, rows)

    def _spread(self, data, count):
        return self._collected(data, evenly(np.arange(len(data)), count))


def reference(
    dataset: str,
    shape: tuple[int, ...] | None = None,
    *,
    n: int = 10_000,
    classes: tuple[str, ...] = (),
    levels: tuple[float, ...] = (),
    fit: str = "crop",
    split: str = "train",
    extractor: str = "auto",
    captions: bool = False,
    condition: tuple[str, ...] = (),
    data_dir: PathLike | None = None,
    cache: PathLike | None = None,
    updates: int = UPDATES,
    log: Log = print,
) -> Reference:
    """Loads a data set, and trains or loads its feature extractor and classifier.

    Args:
        dataset: as `kgan.data.load` takes it.
        shape: of the generated images, (H, W, C); the real ones are scaled to it.
        n: how many generated images will be compared. Pixels are averaged where those
            of so many images are too many (`kgan.metrics.PixelFeatures.fitting`).
        classes: the names of the generator's labels, () for the data's own.
        levels: as `kgan.data.load` takes them.
        fit: what becomes of real images of another shape, as in the training.
        split: that the generator learned from; others are held out.
        extractor: "classifier" is trained on the data set itself, and is what "auto"
            takes where there are labels; "inception"; "pixels" else.
        captions: whether the captions of the data are read as well.
        condition: the attributes whose combinations are the classes, as `load` takes them.
        cache: folder for the trained classifier, or None.
        updates: of the networks that measure, at the least.
        data_dir: folder of prepared TFDS data sets, as `kgan.data.load` takes it.
        log: called with each line that the user should read, such as one about classes of
            which no image is held out.

    Raises:
        UserError: no such data set, one with a class that is none of `classes`, or an
            extractor that cannot be had.
    """
    wanted = _shape(dataset, shape) | {"classes": classes, "levels": levels}
    alike = {"fit": fit, "condition": condition, "data_dir": data_dir, "split": split}
    silent = {"captions": captions, "log": lambda line: None}
    train = load(dataset, **wanted, **alike, **silent)
    held_out = _held_out(dataset, train, alike, log)
    classifier = classifier_of(train, held_out, cache=cache, updates=updates, log=log)
    untested = _untested(train, held_out, log) if classifier else ()
    if extractor == "auto":
        extractor = "classifier" if classifier else "pixels"
    most = max(n, len(train), len(held_out) if held_out else 0)
    made = _extractor(extractor, classifier, train, most, log)
    found = Reference(dataset, train, held_out, made, classifier, fit, untested)
    return dataclasses.replace(found, condition=condition, cache=cache, updates=updates)


def _shape(dataset, shape):
    """What `load` is told of the shape of the images."""
    if shape is None:
        return {}
    if len(shape) != 3:
        raise UserError(
            dataset, "only images are measured, and the samples have no pixels"
        )
    return {"image_size": shape[:2], "channels": shape[-1]}


def _extractor(name, classifier, train, most, log):
    """The extractor of this name, for up to `most` images a side."""
    if name == "inception":
        return InceptionFeatures()
    if name == "pixels":
        found = PixelFeatures.fitting(train.fields["real"].shape, most)
        if found.sides:
            log(f"pixels: {found.resizing}, those of {most:,} images are too many")
        return found
    if classifier is None:
        raise UserError(
            "extractor=classifier",
            "the data set has no classes to learn, or its sides are no multiples of 4 from "
            "8 to 128",
            "use pixels or inception",
        )
    return ClassifierFeatures(classifier, train.name)


def _held_out(dataset, train, alike, log):
    found = load_held_out(dataset, train, **alike, log=log)
    if found is None or len(found) >= LEAST:
        return found
    log(f"the test part has {_images(len(found))}, too few to be compared")
    return None


def _untested(train, held_out, log):
    """Names of the classes of which the classifier sees no test image."""
    _, test = parts(train, held_out)
    missing = set(train["label"]) - set(test["label"])
    untested = tuple(train.classes[label] for label in sorted(missing))
    if untested:
        log(
            f"classifier: not tested on {', '.join(untested)}, of which no image is left"
        )
    return untested


def _images(count):
    return f"{count} {'image' if count == 1 else 'images'}"
