"""From images to the features that distances between sets of images rest on.

A distance means nothing without the network whose features it compares, so an
extractor has a name, after which a score is named ("FID-digits"), and a digest,
without which two scores of the same name would pass for comparable.
"""

import numpy as np

from kgan.errors import UserError
from kgan.metrics.checks import check_images
from kgan.metrics.classifier import Classifier
from kgan.metrics.classifier_cache import digest


class Features:
    """Base: from images, uint8 (N, H, W, 1 or 3), to features, float32 (N, d).

    Attributes:
        name: "digits", "inception", "pixels": a score's name ends in it.
        digest: SHA-256, hexadecimal, of network, weights and resizing.
        resizing: what is done to the size of an image, in words.
        batch_size: how many images are in the network at a time.
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
        """Features (n, d) of one batch of images (n, H, W, C), n at least 0."""
        raise NotImplementedError


class ClassifierFeatures(Features):
    """Activations of a classifier before its last layer, float32 (N, 64).

    `name` is that of the data set the classifier was trained on. The digest is
    of the weights themselves: the classifier's own names the data and the seed
    it came from, which give other weights on another machine.
    """

    resizing = "none"

    def __init__(self, classifier: Classifier, name: str):
        self.classifier, self.name = classifier, name
        model = classifier.model
        self.digest = digest(model.get_config(), *model.get_weights(), self.resizing)

    def extract(self, images: np.ndarray) -> np.ndarray:
        self._check_shape(images)
        return self.classifier.features(images)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Class probabilities (N, K), rows with sum 1, of uint8 (N, H, W, C)."""
        check_images(images)
        self._check_shape(images)
        return self.classifier.probabilities(images, self.batch_size)

    def _check_shape(self, images: np.ndarray) -> None:
        wanted = self.classifier.model.input_shape[1:]
        if images.shape[1:] != wanted:
            raise UserError(
                f"images of {_readable(images.shape[1:])}: the classifier of "
                f"{self.name!r} takes {_readable(wanted)}"
            )


class PixelFeatures(Features):
    """The pixels themselves, in [0, 1], float32 (N, H * W * C)."""

    name = "pixels"
    resizing = "none"

    def __init__(self):
        self.digest = digest("pixels / 255", self.resizing)

    def extract(self, images: np.ndarray) -> np.ndarray:
        width = np.prod(images.shape[1:], dtype=int)
        return images.reshape(len(images), width) / np.float32(255)


def _readable(shape) -> str:
    """Such as "28x28x1"."""
    return "x".join(str(length) for length in shape)
