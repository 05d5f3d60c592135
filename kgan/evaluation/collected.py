"""What is kept of a stream of images, whose length costs no memory."""

import numpy as np

from kgan.metrics import InceptionScore, Moments

KEPT = 10_000  # features and images that are kept themselves


class Collected:
    """Moments of all images; features and pixels of the first `KEPT`.

    Args:
        extractor: a `kgan.metrics.Features`.
        judge: a `kgan.metrics.Classifier`, for classes, or None.

    Attributes:
        count: how many there were.
        moments: of the features of all, `kgan.metrics.Moments`.
        inception: of all, `kgan.metrics.InceptionScore`.
        predictions: the judge's class of each, (N,) uint16.
    """

    def __init__(self, extractor, judge=None):
        self.extractor, self.judge = extractor, judge
        self.count, self.moments = 0, Moments()
        self.inception = InceptionScore()
        self._kept, self._predictions = [], []

    def add(self, images):
        """`images`, uint8 (n, H, W, C)."""
        features = self.extractor(images)
        self.moments.add(features)
        room = max(0, KEPT - self.count)
        if room:
            self._kept.append((features[:room], images[:room]))
        if self.judge:
            probabilities = self.judge.probabilities(images)
            self.inception.add(probabilities)
            self._predictions.append(probabilities.argmax(1).astype(np.uint16))
        self.count += len(images)
        return self

    def add_all(self, images, at_once=500):
        for start in range(0, len(images), at_once):
            self.add(np.asarray(images[start : start + at_once]))
        return self

    @property
    def features(self):
        return np.concatenate([features for features, _ in self._kept])

    @property
    def images(self):
        return np.concatenate([images for _, images in self._kept])

    @property
    def predictions(self):
        return np.concatenate(self._predictions)
