"""The Parzen window log-likelihood of Goodfellow et al. 2014, Table 1.

The model is the mean of normal distributions around the generated samples with one
standard deviation, sigma. The score is the log-likelihood of the test images under
it, in nats. Images are arrays (N, ...) of numbers; pixels are in [0, 1] where scores are
compared with the paper's.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

# Those of the paper's code.
BANDWIDTHS = tuple(np.logspace(-1, 0, 10))
# Distances held at a time; 32 MB, and a few times that in between.
MOST_DISTANCES = 4_000_000


def parzen(
    samples: ArrayLike, validation: ArrayLike, test: ArrayLike
) -> tuple[float, float, float]:
    """Returns (mean, standard error, sigma) of the log-likelihood of `test`, in nats.

    Sigma is chosen on `validation`; `samples` are (N, ...), the others (M, ...), equal
    but for the first axis. The standard error is the standard deviation over `test`
    divided by the root of its number: it does not cover the choice of the samples.
    Raises ValueError as `log_likelihood`.
    """
    sigma = choose_bandwidth(samples, validation)
    likelihood = log_likelihood(samples, test, sigma)
    error = likelihood.std() / math.sqrt(len(likelihood))
    return float(likelihood.mean()), float(error), sigma


def choose_bandwidth(
    samples: ArrayLike, validation: ArrayLike, candidates: Sequence[float] = BANDWIDTHS
) -> float:
    """Returns the candidate sigma under which `validation` (M, ...) is most likely.

    Of several it is the first. Raises ValueError as `log_likelihood`.
    """
    means = _log_likelihoods(samples, validation, candidates).mean(axis=1)
    return float(candidates[int(means.argmax())])


def log_likelihood(samples: ArrayLike, points: ArrayLike, sigma: float) -> np.ndarray:
    """Returns log p(x), (M,) float64 in nats, of each x of `points` (M, ...).

    log p(x) = log mean_i exp(-|x - s_i|^2 / (2 sigma^2)) - d log(sigma sqrt(2 pi))
    over the `samples` s (N, ...) of d numbers each. Raises ValueError for a
    sigma that is not positive, for no samples or points, for different d, for
    values that are not finite, and for pixels as bytes.
    """
    return _log_likelihoods(samples, points, [sigma])[0]


def _log_likelihoods(samples, points, sigmas) -> np.ndarray:
    """Returns log p(x) for each sigma and each point, (len(sigmas), M) float64."""
    samples, points = _flat(samples), _flat(points)
    if samples.shape[1] != points.shape[1]:
        raise ValueError(f"lengths {samples.shape[1]} and {points.shape[1]} differ")
    sigmas = np.asarray(sigmas, dtype=np.float64)
    if sigmas.size == 0 or not (sigmas > 0).all():
        raise ValueError(f"every sigma must be positive: {sigmas}")
    # The distances come from a difference of squares, large ones far from 0.
    centre = samples.mean(axis=0)
    samples = samples - centre
    squares = np.sum(samples**2, axis=1)
    rows = max(1, MOST_DISTANCES // len(samples))
    found = np.empty((len(sigmas), len(points)))
    for start in range(0, len(points), rows):
        block = points[start : start + rows] - centre
        distances = block @ samples.T
        distances *= -2
        distances += squares
        distances += np.sum(block**2, axis=1, keepdims=True)
        np.maximum(distances, 0, out=distances)
        found[:, start : start + rows] = _log_means(distances, sigmas)
    widths = samples.shape[1] * np.log(sigmas * math.sqrt(2 * math.pi))
    return found - widths[:, np.newaxis]


def _log_means(distances: np.ndarray, sigmas: np.ndarray) -> np.ndarray:
    """Returns log mean_i exp(-distances / 2 sigma^2), (len(sigmas), m), of (m, N).

    The squared `distances` are changed.
    """
    # The largest term is taken out, without which all of them may be 0.
    least = distances.min(axis=1)
    distances -= least[:, np.newaxis]
    factors = -0.5 / sigmas**2
    means = [np.exp(distances * factor).mean(axis=1) for factor in factors]
    return np.log(means) + factors[:, np.newaxis] * least


def _flat(values) -> np.ndarray:
    """(N, ...) as (N, d) float64, checked."""
    values = np.asarray(values)
    if values.dtype == np.uint8:
        raise ValueError("pixels as bytes: divide them by 255")
    if values.ndim < 2 or values.size == 0:
        raise ValueError(f"need (N, ...) with N at least 1, not {values.shape}")
    values = values.reshape(len(values), -1).astype(np.float64, copy=False)
    if not np.isfinite(values).all():
        raise ValueError("a value is not finite")
    return values
