"""The real images that generated ones are measured against."""

import dataclasses
import functools

import numpy as np

from kgan.data import Images, load
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

EXTRACTORS = ("auto", "classifier", "inception", "pixels")


@dataclasses.dataclass(frozen=True, eq=False)
class Reference:
    """A data set, and the networks through which it is seen.

    Attributes:
        dataset: as given on the command line.
        train: what the generator learned from.
        held_out: other images of the same kind, or None where the set has none.
        extractor: of features.
        judge: a classifier, or None without labels.
    """

    dataset: str
    train: Images
    held_out: Images | None
    extractor: Features
    judge: Classifier | None

    @functools.cached_property
    def real(self):
        """`Collected` from the training images."""
        return Collected(self.extractor, self.judge).add_all(self.train.pixels)

    @functools.cached_property
    def other(self):
        """`Collected` from real images that are not those of `base`."""
        pixels = self.held_out.pixels if self.held_out else self.train.pixels[1::2]
        return Collected(self.extractor, self.judge).add_all(pixels)

    @functools.cached_property
    def base(self):
        """What `other` is measured against to tell the floor."""
        if self.held_out:
            return self.real
        even = self.train.pixels[::2]
        return Collected(self.extractor, self.judge).add_all(even)

    @property
    def floor(self):
        """What the floor compares, in words."""
        return "test and training images" if self.held_out else "halves of the images"


def reference(
    dataset, shape=None, *, extractor="auto", data_dir=None, cache=None, log=print
):
    """Loads a data set and prepares what it takes to measure against it.

    Args:
        dataset: as `kgan.data.load` takes it.
        shape: of the generated images, (H, W, C); the real ones are scaled to it.
        extractor: "classifier" is trained on the data set itself, and is what "auto"
            takes where there are labels; "inception"; "pixels" else.
        cache: folder for the trained classifier, or None.

    Raises:
        UserError: no such data set, or an extractor that cannot be had.
    """
    wanted = {} if shape is None else {"image_size": shape[0], "channels": shape[-1]}
    quiet = {"data_dir": data_dir, "log": lambda line: None}
    train = load(dataset, split="train", **wanted, **quiet)
    held_out = _held_out(dataset, wanted | quiet)
    judge = _judge(train, held_out, cache, log)
    if extractor == "auto":
        extractor = "classifier" if judge else "pixels"
    if extractor == "classifier" and not judge:
        raise UserError(
            "--extractor=classifier: the data set has no classes to learn; use pixels "
            "or inception"
        )
    made = {
        "classifier": lambda: ClassifierFeatures(judge, train.name),
        "inception": InceptionFeatures,
        "pixels": PixelFeatures,
    }[extractor]()
    return Reference(dataset, train, held_out, made, judge)


def _held_out(dataset, wanted):
    try:
        return load(dataset, split="test", **wanted)
    except UserError:
        return None  # a folder without a test part, say


def _judge(train, held_out, cache, log):
    if train.labels is None or len(train.classes) < 2:
        return None
    fit, test = train, held_out
    if held_out is None or held_out.labels is None:
        odd = np.arange(len(train)) % 10 == 9  # a tenth, to tell its accuracy
        fit, test = _part(train, ~odd), _part(train, odd)
    return fit_classifier(
        fit.pixels,
        fit.labels,
        len(train.classes),
        test_pixels=test.pixels,
        test_labels=test.labels,
        cache=cache,
        log=log,
    )


def _part(images, rows):
    return dataclasses.replace(
        images, pixels=images.pixels[rows], labels=images.labels[rows]
    )
