"""Conditional samples as the training data of a nearest-neighbour classifier."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.neighbors import KNeighborsClassifier


def one_nearest_neighbour_error(
    train: ArrayLike, train_labels: ArrayLike, test: ArrayLike, test_labels: ArrayLike
) -> float:
    """Returns the share of `test` whose nearest image of `train` has another label.

    With conditional samples and their requested labels as `train` and real images
    as `test`, this is the measure of Radford et al. 2015 (appendix). Compare it with
    the error of as many real images. Images are (N, ...) and (M, ...), equal but for
    the first axis, and are compared by the Euclidean distance of their values; labels
    are integers (N,) and (M,). Raises ValueError where lengths do not fit, N or M is 0
    or a value is not finite.
    """
    train, test = _flat(train), _flat(test)
    train_labels, test_labels = np.asarray(train_labels), np.asarray(test_labels)
    for images, labels in ((train, train_labels), (test, test_labels)):
        if labels.shape != images.shape[:1] or not len(images):
            raise ValueError(f"{labels.shape} labels, {len(images)} images")
    if train.shape[1] != test.shape[1]:
        raise ValueError(f"lengths {train.shape[1]} and {test.shape[1]} differ")
    # Brute force in blocks: it holds a few MB of the distances at a time.
    search = KNeighborsClassifier(n_neighbors=1, algorithm="brute")
    predictions = search.fit(train, train_labels).predict(test)
    return float(np.mean(predictions != test_labels))


def _flat(images) -> np.ndarray:
    """(N, ...) as float32 (N, d), in which bytes are exact."""
    images = np.asarray(images)
    width = np.prod(images.shape[1:], dtype=int)
    return images.reshape(len(images), width).astype(np.float32, copy=False)
