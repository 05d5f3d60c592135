"""The real images that generated images are compared with."""

import dataclasses
import functools

import numpy as np

from kgan.data import Dataset, arrays, load, load_held_out
from kgan.errors import UserError
from kgan.evaluation.collected import Collected
from kgan.metrics import (
    Classifier,
    ClassifierFeatures,
    Features,
    InceptionFeatures,
    PixelFeatures,
    fit_classifier,
)
from kgan.metrics.classifier import SIDES
from kgan.typing import Log, PathLike

EXTRACTORS = ("auto", "classifier", "inception", "pixels")


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
    """

    dataset: str
    train: Dataset
    held_out: Dataset | None
    extractor: Features
    classifier: Classifier | None
    fit: str = "crop"

    @functools.cached_property
    def real(self) -> Collected:
        """`Collected` from the training images."""
        return Collected(self.extractor, self.classifier).add_all(self.train["real"])

    @functools.cached_property
    def other(self) -> Collected:
        """`Collected` from real images that are not those of `base`."""
        pixels = self.held_out["real"] if self.held_out else self.train["real"][1::2]
        return Collected(self.extractor, self.classifier).add_all(pixels)

    @functools.cached_property
    def base(self) -> Collected:
        """`Collected` from the real images that `other` is compared with for the floor."""
        if self.held_out:
            return self.real
        even = self.train["real"][::2]
        return Collected(self.extractor, self.classifier).add_all(even)

    @property
    def floor(self) -> str:
        """What the floor compares, in words."""
        return "test and training images" if self.held_out else "halves of the images"


def reference(
    dataset: str,
    shape: tuple[int, ...] | None = None,
    *,
    classes: tuple[str, ...] = (),
    levels: tuple[float, ...] = (),
    fit: str = "crop",
    extractor: str = "auto",
    data_dir: PathLike | None = None,
    cache: PathLike | None = None,
    log: Log = print,
) -> Reference:
    """Loads a data set, and trains or loads its feature extractor and classifier.

    Args:
        dataset: as `kgan.data.load` takes it.
        shape: of the generated images, (H, W, C); the real ones are scaled to it.
        classes: the names of the generator's labels, () for the data's own.
        levels: as `kgan.data.load` takes them.
        fit: what becomes of real images of another shape, as in the training.
        extractor: "classifier" is trained on the data set itself, and is what "auto"
            takes where there are labels; "inception"; "pixels" else.
        cache: folder for the trained classifier, or None.
        data_dir: folder of prepared TFDS data sets, as `kgan.data.load` takes it.
        log: called with a line about the classifier, and about classes of which no image
            is held out.

    Raises:
        UserError: no such data set, one with a class that is none of `classes`, or an
            extractor that cannot be had.
    """
    if shape is not None and len(shape) != 3:
        raise UserError(
            dataset, "only images are measured, and the samples have no pixels"
        )
    wanted = {} if shape is None else {"image_size": shape[:2], "channels": shape[-1]}
    wanted |= {"classes": classes, "levels": levels, "fit": fit, "data_dir": data_dir}
    train = load(dataset, split="train", **wanted, log=lambda line: None)
    held_out = load_held_out(dataset, train, fit=fit, data_dir=data_dir, log=log)
    classifier = _classifier(train, held_out, cache, log)
    if extractor == "auto":
        extractor = "classifier" if classifier else "pixels"
    made = _extractor(extractor, classifier, train.name)
    return Reference(dataset, train, held_out, made, classifier, fit)


def _extractor(name, classifier, dataset):
    if name == "inception":
        return InceptionFeatures()
    if name == "pixels":
        return PixelFeatures()
    if classifier is None:
        raise UserError(
            "extractor=classifier",
            "the data set has no classes to learn, or its sides are no multiples of 4 from "
            "8 to 128",
            "use pixels or inception",
        )
    return ClassifierFeatures(classifier, dataset)


def _classifier(train, held_out, cache, log):
    sides = train.fields["real"].shape[:2]
    if "label" not in train or len(train.classes) < 2:
        return None
    if not all(side in SIDES for side in sides):
        return None  # some networks draw other images than a classifier sees
    fit, test = train, held_out
    if held_out is None or "label" not in held_out:
        odd = np.arange(len(train)) % 10 == 9  # a tenth, to tell its accuracy
        fit, test = _part(train, ~odd), _part(train, odd)
    return fit_classifier(
        fit["real"],
        fit["label"],
        len(train.classes),
        test_pixels=test["real"],
        test_labels=test["label"],
        cache=cache,
        log=log,
    )


def _part(images, rows):
    return arrays.images(
        images["real"][rows],
        images["label"][rows],
        name=images.name,
        classes=images.classes,
    )
