"""Feature extractors, by whose features sets of images are compared.

A distance means nothing without the network whose features it compares. An extractor
therefore has a name, which is part of a score's name ("FID-digits"), and a digest, so
that two scores of equal names and different weights are not compared.
"""

import math

import numpy as np
import tensorflow as tf

from kgan.errors import UserError
from kgan.metrics.checks import check_images
from kgan.metrics.classifier import Classifier
from kgan.metrics.classifier_cache import digest
from kgan.metrics.frechet import most_samples


class Features:
    """Base class for extractors: images, uint8 (N, H, W, 1 or 3), to features (N, d).

    Features are float32.

    Attributes:
        name: "digits", "inception" or "pixels", with which a score's name ends.
        digest: SHA-256, hexadecimal, of network, weights and resizing.
        resizing: how the size of an image is changed, in words.
        batch_size: images in the network at a time.
    """

    name: str
    digest: str
    resizing: str
    batch_size = 500

    def __call__(self, images: np.ndarray) -> np.ndarray:
        check_images(images)
        # One call at least, so that no images give (0, d) and not (0,).
        starts = range(0, max(len(images), 1), self.batch_size)
        batches = [images[start : start + self.batch_size] for start in starts]
        return np.concatenate([self.extract(batch) for batch in batches])

    def extract(self, images: np.ndarray) -> np.ndarray:
        """Returns the features (n, d) of one batch of images (n, H, W, C), n from 0."""
        raise NotImplementedError


class ClassifierFeatures(Features):
    """Activations of a classifier before its last layer, float32 (N, 64).

    `name` is that of the data set on which the classifier was trained. The digest is
    of the weights: the classifier's own digest is of the data and the seed, which give
    other weights on another machine.
    """

    resizing = "none"

    def __init__(self, classifier: Classifier, name: str) -> None:
        self.classifier, self.name = classifier, name
        model = classifier.model
        self.digest = digest(model.get_config(), *model.get_weights(), self.resizing)

    def extract(self, images: np.ndarray) -> np.ndarray:
        self._check_shape(images)
        return self.classifier.features(images)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Returns class probabilities (N, K), rows of sum 1, of uint8 (N, H, W, C)."""
        check_images(images)
        self._check_shape(images)
        return self.classifier.probabilities(images, self.batch_size)

    def _check_shape(self, images: np.ndarray) -> None:
        wanted = self.classifier.model.input_shape[1:]
        if images.shape[1:] != wanted:
            raise UserError(
                f"images of {_readable(images.shape[1:])}",
                f"the classifier of {self.name!r} takes {_readable(wanted)}",
            )


class PixelFeatures(Features):
    """The pixels themselves, in [0, 1], float32 (N, h * w * C).

    Args:
        sides: (h, w) to which images are averaged first, or None to leave them as they
            are. Each new pixel is the mean of the area that it covers.
    """

    name = "pixels"

    def __init__(self, sides: tuple[int, int] | None = None) -> None:
        self.sides = sides
        self.resizing = "none" if sides is None else f"averaged to {_readable(sides)}"
        self.digest = digest("pixels / 255", self.resizing)

    @classmethod
    def fitting(cls, shape: tuple[int, int, int], count: int) -> "PixelFeatures":
        """Returns the extractor of pixels for `count` images (H, W, C) a side.

        Images whose pixels are few enough for a distance (`most_samples`) stay as they
        are. Others are averaged to H / f x W / f, with the least whole f for which any
        number of them is.
        """
        height, width, channels = shape
        if count <= most_samples(height * width * channels):
            return cls()
        for factor in range(2, max(height, width) + 1):
            sides = max(1, height // factor), max(1, width // factor)
            if most_samples(math.prod(sides) * channels) == math.inf:
                break
        return cls(sides)

    def extract(self, images: np.ndarray) -> np.ndarray:
        if self.sides and len(images):
            # Bytes as they are: only the small images become floats.
            images = tf.image.resize(images, self.sides, "area").numpy()
        elif self.sides:
            images = np.zeros((0, *self.sides, images.shape[-1]))
        width = np.prod(images.shape[1:], dtype=int)
        return images.reshape(len(images), width) / np.float32(255)


def _readable(shape) -> str:
    """Such as "28x28x1"."""
    return "x".join(str(length) for length in shape)
