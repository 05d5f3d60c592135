"""The Fréchet distance of two sets of features (Heusel et al. 2017), streaming."""

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike

from kgan.metrics.checks import checked_features

# Rows that are converted to float64 at a time, however many come at once.
ROWS = 1000


class Moments:
    """Accumulates count, mean (d,) and covariance (d, d) of batches of features.

    Batches are joined by Chan's update, in float64:

        mean    <- mean + (n_b / n) apart,    apart = mean_b - mean
        scatter <- scatter + scatter_b + (n_a n_b / n) apart apart^T

    The memory is that of two matrices d x d for any number of samples, and the
    covariance keeps its precision where the mean is far from 0.
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean = self._scatter = np.zeros(0)  # of their shapes from the first on

    def add(self, features: ArrayLike) -> "Moments":
        """Adds `features` (N, d), N at least 0, and returns these moments.

        Raises ValueError for a value that is not finite and for another d.
        """
        features = checked_features(features, at_least=0)
        for start in range(0, len(features), ROWS):
            rows = features[start : start + ROWS].astype(np.float64)
            mean = rows.mean(axis=0)
            rows -= mean
            self._join(len(rows), mean, rows.T @ rows)
        return self

    def merge(self, other: "Moments") -> "Moments":
        """Adds the features that `other` has counted, and returns these moments."""
        if other.count:
            self._join(other.count, other._mean, other._scatter)
        return self

    @property
    def mean(self) -> np.ndarray:
        """The mean (d,), float64. Raises ValueError for no samples."""
        self._check(1)
        return self._mean.copy()

    @property
    def covariance(self) -> np.ndarray:
        """The covariance (d, d), float64: the scatter over (N - 1).

        Raises ValueError for fewer than 2 samples.
        """
        self._check(2)
        return self._scatter / (self.count - 1)

    def _join(self, count: int, mean: np.ndarray, scatter: np.ndarray) -> None:
        """Chan's update; an array of another's moments is never kept as ours."""
        if self.count == 0:
            self._mean, self._scatter = np.zeros(mean.shape), np.zeros(scatter.shape)
        if mean.shape != self._mean.shape:
            lengths = f"{len(self._mean)} and {len(mean)}"
            raise ValueError(f"features of different lengths: {lengths}")
        total = self.count + count
        apart = mean - self._mean
        self._scatter += scatter + np.outer(apart, apart) * (self.count * count / total)
        self._mean += apart * (count / total)
        self.count = total

    def _check(self, at_least: int) -> None:
        if self.count < at_least:
            raise ValueError(f"{self.count} samples; at least {at_least} are needed")


def frechet_distance(first: Moments, second: Moments) -> float:
    """Returns the squared Fréchet distance of normal distributions of these moments.

    It is |mu1 - mu2|^2 + Tr(S1 + S2 - 2 (S1 S2)^1/2), in the squared unit of
    the features, 0 or more. With S = R R^T from a symmetric eigendecomposition, the
    last trace is the sum of the singular values of R1^T R2: it is real
    for singular covariances, and takes no square root of a rounding error.

    Raises ValueError for fewer than 2 samples, for features of different
    lengths and for moments that are not finite.
    """
    means, covariances = zip(
        *((moments.mean, moments.covariance) for moments in (first, second)),
        strict=True,
    )
    if means[0].shape != means[1].shape:
        lengths = f"{len(means[0])} and {len(means[1])}"
        raise ValueError(f"features of different lengths: {lengths}")
    if not all(np.isfinite(array).all() for array in (*means, *covariances)):
        raise ValueError("the moments are not finite")
    roots = [_root(covariance) for covariance in covariances]
    traces = sum(np.sum(root**2) for root in roots)
    overlap = np.linalg.svd(roots[0].T @ roots[1], compute_uv=False).sum()
    distance = np.sum((means[0] - means[1]) ** 2) + traces - 2 * overlap
    # What rounding leaves of equal moments may be below 0.
    return float(max(distance, 0.0))


def _root(covariance: np.ndarray) -> np.ndarray:
    """R (d, rank) with R R^T = `covariance`, positive semidefinite (d, d)."""
    # SciPy's eigh is the faster one: at d = 2048, 6 s and not 14.
    values, vectors = scipy.linalg.eigh(covariance)
    # An eigenvalue of 0 comes back as a rounding error, whose root is not small.
    kept = values > np.finfo(np.float64).eps * len(values) * values[-1]
    return vectors[:, kept] * np.sqrt(values[kept])
