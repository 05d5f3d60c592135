"""Statistics of a stream of images, in memory that does not grow with its length."""

import numpy as np

from kgan.metrics import Classifier, Features, InceptionScore, Moments

KEPT = 10_000  # features and images that are kept themselves


class Collected:
    """Collects the moments of all images; features and pixels of the first `KEPT`.

    Args:
        extractor: a `kgan.metrics.Features`.
        classifier: a `kgan.metrics.Classifier` that names classes, or None.

    Attributes:
        count: how many there were.
        moments: of the features of all, `kgan.metrics.Moments`.
        inception: of all, `kgan.metrics.InceptionScore`.
        predictions: the classifier's class of each, (N,) uint16.
    """

    def __init__(
        self, extractor: Features, classifier: Classifier | None = None
    ) -> None:
        self.extractor, self.classifier = extractor, classifier
        self.count, self.moments = 0, Moments()
        self.inception = InceptionScore()
        self._kept, self._predictions = [], []

    def add(self, images: np.ndarray) -> "Collected":
        """Adds `images`, uint8 (n, H, W, C)."""
        features = self.extractor(images)
        self.moments.add(features)
        room = max(0, KEPT - self.count)
        if room:
            self._kept.append((features[:room], images[:room]))
        if self.classifier:
            probabilities = self.classifier.probabilities(images)
            self.inception.add(probabilities)
            self._predictions.append(probabilities.argmax(1).astype(np.uint16))
        self.count += len(images)
        return self

    def add_all(self, images: np.ndarray, at_once: int = 500) -> "Collected":
        """Adds `images`, uint8 (n, H, W, C), `at_once` at a time."""
        for start in range(0, len(images), at_once):
            self.add(np.asarray(images[start : start + at_once]))
        return self

    @property
    def features(self) -> np.ndarray:
        """Returns the features of the first images, float32 (n, d)."""
        return np.concatenate([features for features, _ in self._kept])

    @property
    def images(self) -> np.ndarray:
        """Returns the first images, uint8 (n, H, W, C)."""
        return np.concatenate([images for _, images in self._kept])

    @property
    def predictions(self) -> np.ndarray:
        """Returns the class of each image, uint16 (N,)."""
        return np.concatenate(self._predictions)
