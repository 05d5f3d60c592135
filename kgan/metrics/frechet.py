"""The Fréchet distance of two sets of features (Heusel et al. 2017), streaming."""

import math

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike

from kgan.errors import UserError
from kgan.metrics.checks import checked_features

# Rows that are converted to float64 at a time, however many come at once.
ROWS = 1000
# The largest matrix of a distance is this long on each side: about a minute on 2 cores.
# It is 32 * 32 * 3, the pixels of the small pictures that are mostly measured.
MOST = 3072


def most_samples(dimensions: int) -> float:
    """Returns how many samples of so many dimensions a distance is computed of.

    It is infinite up to `MOST` dimensions. Samples of more have to fit, as rows, into as
    many numbers as a matrix (MOST, MOST) has.
    """
    return math.inf if dimensions <= MOST else MOST**2 // dimensions


class Moments:
    """Accumulates count, mean (d,) and covariance (d, d) of batches of features.

    Up to d samples are kept as they are, for their covariance has no more than N - 1
    dimensions. Of more, batches are joined by Chan's update, in float64:

        mean    <- mean + (n_b / n) apart,    apart = mean_b - mean
        scatter <- scatter + scatter_b + (n_a n_b / n) apart apart^T

    The memory is that of two matrices d x d for any number of samples, and the
    covariance keeps its precision where the mean is far from 0.
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean = self._scatter = np.zeros(0)  # of their shapes from the first on
        self._rows: list[np.ndarray] = []  # up to d samples, or none once they are more

    def add(self, features: ArrayLike) -> "Moments":
        """Adds `features` (N, d), N at least 0, and returns these moments.

        Raises ValueError for a value that is not finite and for another d, and UserError
        for more samples than `most_samples` allows.
        """
        features = checked_features(features, at_least=0)
        self._check_room(*features.shape)
        for start in range(0, len(features), ROWS):
            self._take(features[start : start + ROWS])
        return self

    def merge(self, other: "Moments") -> "Moments":
        """Adds the features that `other` has counted, and returns these moments."""
        for rows in list(other._rows):
            self.add(rows)
        if other._scatter.size:
            self._check_room(other.count, len(other._mean))
            self._fold()
            self._join(other.count, other._mean, other._scatter)
        return self

    @property
    def mean(self) -> np.ndarray:
        """The mean (d,), float64. Raises ValueError for no samples."""
        self._check(1)
        return self._kept().mean(axis=0) if self._rows else self._mean.copy()

    @property
    def covariance(self) -> np.ndarray:
        """The covariance (d, d), float64: the scatter over (N - 1).

        Raises ValueError for fewer than 2 samples.
        """
        self._check(2)
        if self._rows:
            deviations = self._deviations()
            return deviations.T @ deviations / (self.count - 1)
        return self._scatter / (self.count - 1)

    @property
    def variance(self) -> float:
        """The trace of the covariance. Raises ValueError for fewer than 2 samples."""
        self._check(2)
        if self._rows:
            return float(np.square(self._deviations()).sum() / (self.count - 1))
        return float(np.trace(self._scatter) / (self.count - 1))

    def root(self) -> np.ndarray:
        """Returns R (d, rank), float64, with R R^T the covariance.

        Of up to d samples it is made of their deviations from the mean, so that the
        product of two such roots, R1^T R2, is a Gram matrix (N1, N2); of more, of the
        eigenvectors of the covariance. Raises ValueError for fewer than 2 samples.
        """
        self._check(2)
        if self._rows:
            return self._deviations().T / np.sqrt(self.count - 1)
        return _root(self.covariance)

    def _take(self, rows: np.ndarray) -> None:
        """Keeps `rows` (n, d) while all are d at the most, else joins them."""
        fits = not self._scatter.size and self.count + len(rows) <= rows.shape[1]
        if fits:
            self._rows.append(rows.copy())
            self.count += len(rows)
        else:
            self._fold()
            self._join(*_summed(rows))

    def _fold(self) -> None:
        """Joins the rows that were kept."""
        rows, self._rows = self._rows, []
        if rows:
            self.count = 0
        for part in rows:
            self._join(*_summed(part))

    def _kept(self) -> np.ndarray:
        return np.concatenate(self._rows).astype(np.float64)

    def _deviations(self) -> np.ndarray:
        """The samples that are kept, (N, d) float64, minus their mean."""
        rows = self._kept()
        return rows - rows.mean(axis=0)

    def _check_room(self, count: int, dimensions: int) -> None:
        known = self._rows[0][0] if self._rows else self._mean
        if self.count and count and len(known) != dimensions:
            lengths = f"{len(known)} and {dimensions}"
            raise ValueError(f"features of different lengths: {lengths}")
        if self.count + count > most_samples(dimensions):
            raise UserError(
                "features",
                f"{self.count + count:,} samples of {dimensions:,} dimensions are more "
                "than a Frechet distance is computed of",
                f"reduce them to {MOST:,} dimensions",
            )

    def _join(self, count: int, mean: np.ndarray, scatter: np.ndarray) -> None:
        """Chan's update; an array of another's moments is never kept as ours."""
        if self.count == 0:
            self._mean, self._scatter = np.zeros(mean.shape), np.zeros(scatter.shape)
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

    It is |mu1 - mu2|^2 + Tr(S1 + S2 - 2 (S1 S2)^1/2), in the squared unit of the
    features, 0 or more. With S = R R^T, the last trace is the sum of the singular values
    of R1^T R2: it is real for singular covariances, and takes no square root of a
    rounding error. Where there are fewer samples than dimensions, no matrix d x d is
    made (`Moments.root`).

    Raises ValueError for fewer than 2 samples, for features of different
    lengths and for moments that are not finite.
    """
    means = [moments.mean for moments in (first, second)]
    variances = [moments.variance for moments in (first, second)]
    if means[0].shape != means[1].shape:
        lengths = f"{len(means[0])} and {len(means[1])}"
        raise ValueError(f"features of different lengths: {lengths}")
    if not all(np.isfinite(array).all() for array in (*means, variances)):
        raise ValueError("the moments are not finite")
    roots = [moments.root() for moments in (first, second)]
    overlap = np.linalg.svd(roots[0].T @ roots[1], compute_uv=False).sum()
    distance = np.sum((means[0] - means[1]) ** 2) + sum(variances) - 2 * overlap
    # What rounding leaves of equal moments may be below 0.
    return float(max(distance, 0.0))


def _summed(rows: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """The count, mean (d,) and scatter (d, d), float64, of `rows` (n, d)."""
    rows = rows.astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    return len(rows), mean, rows.T @ rows


def _root(covariance: np.ndarray) -> np.ndarray:
    """R (d, rank) with R R^T = `covariance`, positive semidefinite (d, d)."""
    # SciPy's eigh is the faster one: at d = 2048, 6 s and not 14.
    values, vectors = scipy.linalg.eigh(covariance)
    # An eigenvalue of 0 comes back as a rounding error, whose root is not small.
    kept = values > np.finfo(np.float64).eps * len(values) * values[-1]
    return vectors[:, kept] * np.sqrt(values[kept])
