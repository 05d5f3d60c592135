"""The kernel distance of two sets of features (Bińkowski et al. 2018, "KID")."""

import math

import numpy as np
from numpy.typing import ArrayLike

from kgan.metrics.checks import check_widths, checked_features

NORMAL_95 = 1.959964


def squared_mmd(first: ArrayLike, second: ArrayLike) -> float:
    """Returns the unbiased squared maximum mean discrepancy of two sets of features.

    The kernel is k(x, y) = (x.y / d + 1)^3. The discrepancy is the mean of k over the
    pairs within `first` (N, d), plus that within `second` (M, d), no sample paired with
    itself, minus twice the mean over the pairs of one and the other (Gretton et al.
    2012, Eq. 3). It may be negative, as it is 0 on average for equal distributions.
    Raises ValueError where N or M is less than 2.
    """
    first, second = (checked_features(x, at_least=2) for x in (first, second))
    check_widths(first, second)
    first, second = first.astype(np.float64), second.astype(np.float64)
    within = _mean_of_pairs(first) + _mean_of_pairs(second)
    return float(within - 2 * _kernel(first, second).mean())


def kernel_distance(
    first: ArrayLike,
    second: ArrayLike,
    *,
    subset: int = 1000,
    subsets: int = 100,
    seed: int = 0,
) -> tuple[float, tuple[float, float]]:
    """Returns the mean of `squared_mmd` over random subsets, with a 95 % interval.

    `first` is (N, d) and `second` (M, d). Each of the `subsets` subsets is drawn
    without replacement: `subset` samples of each side, or half of the smaller side
    where that is less. It is unbiased: 0 on average for equal distributions.

    The interval is value +- 1.96 s sqrt(m / (n - m) + 1 / subsets), with s the
    standard deviation over subsets of m out of n = min(N, M) samples: the first
    term is the error of all n samples, estimated by subsampling (Politis & Romano
    1994), the second that of a finite number of subsets. s / sqrt(subsets) would be too
    small, as overlapping subsets differ less than independent ones.

    Raises ValueError for fewer than 4 samples or 2 subsets, for features of
    different lengths and for values that are not finite.
    """
    first, second = (checked_features(x, at_least=4) for x in (first, second))
    check_widths(first, second)
    if subset < 2 or subsets < 2:
        raise ValueError(f"{subsets} subsets of {subset}: 2 of 2 are needed at least")
    fewest = min(len(first), len(second))
    size = min(subset, fewest // 2)
    generator = np.random.default_rng(seed)

    def drawn(features):
        return features[generator.choice(len(features), size, replace=False)]

    values = [squared_mmd(drawn(first), drawn(second)) for _ in range(subsets)]
    value, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    reach = NORMAL_95 * spread * math.sqrt(size / (fewest - size) + 1 / subsets)
    return value, (value - reach, value + reach)


def _kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(x.y / d + 1)^3 for all pairs: (N, d) and (M, d) to (N, M)."""
    base = first @ second.T / first.shape[1] + 1
    return base * base * base  # A power takes many times as long.


def _mean_of_pairs(features: np.ndarray) -> float:
    """Mean of the kernel over the pairs of two different rows of (N, d)."""
    values, count = _kernel(features, features), len(features)
    return (values.sum() - np.trace(values)) / (count * (count - 1))
