"""The scorer of a race: a classifier of its images, whose features all samples share.

It is deeper than the classifier of `kgan.metrics`, and learns from images that are moved
and, where that makes sense, mirrored. Some training images are kept from it: a network's
features of images that it knows are no measure for others. They are what a perfect
generator would draw, and their distance to the test images is the floor.
"""

from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np
from keras import layers

from kgan import metrics
from kgan.metrics import network as networks
from kgan.metrics.network import options

WIDTHS = (32, 64, 128)
SHIFT = 0.1  # of each side, at most
SEED = 0


def build(mirrored):
    """Returns a function that builds the network, as `metrics.fit_classifier` takes it."""

    def network(shape, classes, seed):
        image = x = keras.Input(shape, name="image", dtype="float32")
        if mirrored:
            x = layers.RandomFlip("horizontal", seed=seed, name="mirror")(x)
        x = layers.RandomTranslation(
            SHIFT, SHIFT, fill_mode="nearest", seed=seed, name="shift"
        )(x)
        x = layers.Rescaling(1 / 127.5, -1, name="rescale")(x)
        x = _convolved(x, WIDTHS[0], "begin", seed)
        if min(shape[:2]) > 32:
            x = layers.MaxPooling2D(name="pool_begin")(x)
        for stage, filters in enumerate(WIDTHS):
            x = _convolved(x, filters, f"stage_{stage}", seed)
            x = layers.MaxPooling2D(name=f"pool_{stage}")(x)
            inner = _convolved(x, filters, f"inner_{stage}", seed + 1)
            inner = _convolved(inner, filters, f"outer_{stage}", seed + 2)
            x = layers.Add(name=f"sum_{stage}")([x, inner])
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        x = layers.Dropout(0.2, seed=seed, name="dropout")(x)
        x = layers.Dense(
            networks.FEATURES, activation="relu", **options("features", seed)
        )(x)
        x = layers.Dense(classes, **options("logits", seed + 1))(x)
        return keras.Model(image, x, name="scorer")

    return network


@dataclass(frozen=True)
class Scorer:
    """Scores samples of a race.

    Attributes:
        features: the `kgan.metrics.ClassifierFeatures` of the race.
        accuracy: of the classifier on the test images.
        test: the features of the test images.
        aside: those of training images that the classifier has not seen.
    """

    features: metrics.ClassifierFeatures
    accuracy: float
    test: np.ndarray
    aside: np.ndarray

    @cached_property
    def floor(self):
        """The scores of real images, as many as there are samples."""
        return self._scores(self.aside)

    def scores(self, samples):
        """Returns fid, kid (with its interval), recall and precision of images.

        All are against the test images; precision and recall by five neighbours.

        Args:
            samples: uint8 (n, H, W, C).
        """
        return self._scores(self.features(samples))

    def _scores(self, found):
        moments = [metrics.Moments().add(one) for one in (self.test, found)]
        kid, interval = metrics.kernel_distance(self.test, found)
        shared = metrics.precision_recall_density_coverage(self.test, found)
        return {
            "fid": metrics.frechet_distance(*moments),
            "kid": kid,
            "kid_interval": list(interval),
            "recall": shared["recall"],
            "precision": shared["precision"],
        }

    @property
    def about(self):
        """The facts about the scorer that the JSON of a race keeps."""
        return {
            "accuracy": self.accuracy,
            "digest": self.features.digest,
            "real": len(self.test),
            "floor": self.floor,
        }


def trained(race, images, cache, log=print):
    """Returns the `Scorer` of a race, trained once and kept in the folder `cache`.

    Args:
        race: a `Race`.
        images: its `Images`.
        cache: a folder.
        log: called with a line that tells the accuracy.
    """
    order = np.random.default_rng(SEED).permutation(len(images.pixels))
    aside, seen = order[: race.samples], order[race.samples :]
    classifier = metrics.fit_classifier(
        images.pixels[seen],
        images.labels[seen],
        images.classes,
        test_pixels=images.test_pixels,
        test_labels=images.test_labels,
        cache=cache,
        seed=SEED,
        updates=race.passes * len(seen) // networks.BATCH,
        build=build(race.mirrored),
        log=lambda line: log(f"scorer of {race.name}: {line}"),
    )
    features = metrics.ClassifierFeatures(classifier, race.name)
    return Scorer(
        features,
        classifier.accuracy,
        features(images.test_pixels),
        features(images.pixels[aside]),
    )


def _convolved(x, filters, name, seed):
    given = options(f"{name}_conv", seed) | {"use_bias": False, "padding": "same"}
    x = layers.Conv2D(filters, 3, **given)(x)
    x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)
