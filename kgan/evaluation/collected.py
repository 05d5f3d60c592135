"""Statistics of a stream of images, in memory that does not grow with its length."""

from typing import Self

import numpy as np

from kgan.data import evenly
from kgan.metrics import Classifier, Features, InceptionScore, Moments

KEPT = 10_000  # features and images that are kept themselves
AT_A_TIME = 500  # images that are read and measured together


class Collected:
    """Collects the moments of `total` images; features and pixels of up to `KEPT`.

    Those that are kept are evenly spaced, for images often lie class by class.

    Args:
        extractor: a `kgan.metrics.Features`.
        classifier: a `kgan.metrics.Classifier` that names classes, or None.
        total: how many images will be added.

    Attributes:
        count: how many there were.
        kept: the numbers of those that are kept, (n,), in order.
        labels: the class that each of those is of, (n,) int, or None.
        moments: of the features of all, `kgan.metrics.Moments`.
        inception: of all, `kgan.metrics.InceptionScore`.
        predictions: the classifier's class of each, (N,) uint16.
    """

    def __init__(
        self, extractor: Features, classifier: Classifier | None, total: int
    ) -> None:
        self.extractor, self.classifier = extractor, classifier
        self.count, self.moments = 0, Moments()
        self.inception = InceptionScore()
        self.kept = evenly(np.arange(total), KEPT)
        self.labels: np.ndarray | None = None
        self._parts, self._predictions = [], []

    @classmethod
    def of(
        cls,
        extractor: Features,
        images: np.ndarray,
        classifier: Classifier | None = None,
        labels: np.ndarray | None = None,
        rows: np.ndarray | None = None,
    ) -> Self:
        """Returns what is collected of `images`, uint8 (n, H, W, C).

        Args:
            extractor: of features.
            images: uint8 (n, H, W, C), in memory or memory-mapped.
            classifier: names classes.
            labels: the class of each, (n,) int.
            rows: the numbers of the images that are taken, in order; all by default.
        """
        rows = np.arange(len(images)) if rows is None else rows
        found = cls(extractor, classifier, len(rows))
        for start in range(0, len(rows), AT_A_TIME):
            found.add(np.asarray(images[rows[start : start + AT_A_TIME]]))
        if labels is not None:
            found.labels = labels[rows[found.kept]]
        return found

    def add(self, images: np.ndarray) -> "Collected":
        """Adds the next `images`, uint8 (n, H, W, C)."""
        features = self.extractor(images)
        self.moments.add(features)
        ends = np.searchsorted(self.kept, (self.count, self.count + len(images)))
        kept = self.kept[slice(*ends)] - self.count
        self._parts.append((features[kept], images[kept]))
        if self.classifier:
            probabilities = self.classifier.probabilities(images)
            self.inception.add(probabilities)
            self._predictions.append(probabilities.argmax(1).astype(np.uint16))
        self.count += len(images)
        return self

    @property
    def features(self) -> np.ndarray:
        """Returns the features of the images that are kept, float32 (n, d)."""
        return np.concatenate([features for features, _ in self._parts])

    @property
    def images(self) -> np.ndarray:
        """Returns the images that are kept, uint8 (n, H, W, C)."""
        return np.concatenate([images for _, images in self._parts])

    @property
    def predictions(self) -> np.ndarray:
        """Returns the class of each image, uint16 (N,)."""
        return np.concatenate(self._predictions)
