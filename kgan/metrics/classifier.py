"""A classifier that is trained on real images and applied to generated ones."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax

from kgan.errors import UserError
from kgan.metrics import network as networks
from kgan.metrics.classifier_cache import ClassifierCache, digest

SIDES = range(8, 129, 4)  # of the images that a classifier takes


def takes(sides: Iterable[int]) -> bool:
    """Returns whether a classifier takes images of this height and width."""
    return all(side in SIDES for side in sides)


@dataclass(frozen=True)
class Classifier:
    """A trained classifier: images (N, H, W, C), 0..255, to K classes.

    `model` gives logits (N, K); `accuracy` is its accuracy on the test images, in
    [0, 1]; `digest` (SHA-256, hexadecimal) identifies the network, the seed and the
    training data.
    """

    model: keras.Model
    accuracy: float
    digest: str

    def probabilities(self, images: np.ndarray, batch_size: int = 500) -> np.ndarray:
        """Returns class probabilities (N, K) of images (N, H, W, C), uint8 or 0..255."""
        return softmax(self.logits(images, batch_size), axis=1)

    def predict(self, images: np.ndarray, batch_size: int = 500) -> np.ndarray:
        """Returns the most probable class (N,), in [0, K), of images (N, H, W, C)."""
        return self.logits(images, batch_size).argmax(axis=1)

    def logits(self, images: np.ndarray, batch_size: int = 500) -> np.ndarray:
        """Returns the output of the network (N, K), of images (N, H, W, C)."""
        return _in_batches(self._logits, images, batch_size)

    def features(self, images: np.ndarray, batch_size: int = 500) -> np.ndarray:
        """Returns the activations (N, 64), non-negative, before the last layer."""
        return _in_batches(self._activations, images, batch_size)

    @cached_property
    def _logits(self) -> Callable[..., Any]:
        return _compiled(self.model)

    @cached_property
    def _activations(self) -> Callable[..., Any]:
        """The model up to its layer "features", sharing its weights."""
        features = self.model.get_layer("features").output
        return _compiled(keras.Model(self.model.input, features))


def fit_classifier(
    pixels: np.ndarray,
    labels: np.ndarray,
    classes: int,
    *,
    test_pixels: np.ndarray,
    test_labels: np.ndarray,
    cache: str | os.PathLike[str] | None = None,
    seed: int = 0,
    updates: int = networks.UPDATES,
    build: Callable[..., keras.Model] = networks.build_network,
    log: Callable[[str], None] = print,
) -> Classifier:
    """Trains a classifier, or loads it from the directory `cache`.

    `pixels` and `test_pixels` are (N, H, W, C) uint8, H and W multiples of 4
    from 8 to 128, C 1 or 3; `labels` and `test_labels` are (N,) integers in
    [0, classes). `updates` is the least number of updates; `build` makes the network, as
    `kgan.metrics.network.build_network` does, with a layer "features"; `log` gets a line
    with the test accuracy. Where the cache cannot be used, that is logged, and the
    classifier is trained again. Raises UserError for images or labels that do not fit.
    """
    labels = _checked_labels(pixels, labels, classes)
    test_labels = _checked_labels(test_pixels, test_labels, classes)
    shape = pixels.shape[1:]
    if test_pixels.shape[1:] != shape:
        raise UserError("classifier", "test images differ in shape from the training's")
    model = build(shape, classes, seed)
    recipe = [seed, updates, networks.BATCH, networks.LEARNING_RATE]
    key = digest(model.to_json(), recipe, pixels, labels)
    place = ClassifierCache(cache, key, log)
    record = place.load(model)
    if record is None:
        # A failed load may have left half of its weights: start afresh.
        model = build(shape, classes, seed)
        networks.train_network(model, pixels, labels, seed=seed, updates=updates)
    accuracy = _accuracy(model, test_pixels, test_labels, place, record)
    percent = f"{accuracy * 100:.2f} %"
    origin = "" if record is None else ", from the cache"
    log(f"classifier: {percent} on {len(test_labels):,} test images{origin}")
    return Classifier(model, accuracy, key)


def _accuracy(model, pixels, labels, place: ClassifierCache, record) -> float:
    """The test accuracy in [0, 1]: the record's, or else measured and stored."""
    test = digest(pixels, labels)
    if record is not None and record.get("test") == test:
        return record["accuracy"]
    accuracy = float(np.mean(Classifier(model, 0.0, "").predict(pixels) == labels))
    place.store(model, accuracy, test)
    return accuracy


def _compiled(model: keras.Model) -> Callable[..., Any]:
    """Images to `model`'s output, as one graph: layer by layer takes twice as long."""

    @tf.function(reduce_retracing=True, autograph=False)
    def answer(images):
        return model(images, training=False)

    def answered(images: np.ndarray) -> np.ndarray:
        if len(images) == 0:  # TensorFlow's convolution loses the width of no images.
            return np.zeros((0, *model.output_shape[1:]), np.float32)
        return answer(images).numpy()

    return answered


def _in_batches(
    answer: Callable[..., Any], images: np.ndarray, size: int
) -> np.ndarray:
    """What `answer` says, (N, ...), to `images`, `size` of them at a time."""
    starts = range(0, max(len(images), 1), size)
    return np.concatenate([answer(images[start : start + size]) for start in starts])


def _checked_labels(pixels, labels, classes: int) -> np.ndarray:
    """The labels as int32 (N,), or UserError where they or the pixels do not fit."""
    if pixels.ndim != 4 or pixels.dtype != np.uint8 or pixels.shape[3] not in (1, 3):
        raise UserError("classifier", "images must be uint8 (N, H, W, 1 or 3)")
    if not takes(pixels.shape[1:3]):
        raise UserError("classifier", "sides must be multiples of 4 from 8 to 128")
    labels = np.asarray(labels, dtype=np.int32)
    if len(labels) == 0 or labels.shape != pixels.shape[:1]:
        raise UserError("classifier", f"{labels.shape} labels, {len(pixels)} images")
    if labels.min() < 0 or labels.max() >= classes:
        raise UserError("classifier", f"a label is outside 0..{classes - 1}")
    return labels
