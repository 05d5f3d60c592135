"""Precision, recall, density and coverage by nearest neighbours."""

import contextlib
import io

import numpy as np
from numpy.typing import ArrayLike
from prdc import compute_prdc

from kgan.metrics.checks import check_widths, checked_features


def precision_recall_density_coverage(
    real: ArrayLike, fake: ArrayLike, k: int = 5, most: int = 5000, seed: int = 0
) -> dict[str, float]:
    """Measures how far the supports of two sets of features agree.

    Each sample has a ball around it that reaches its `k`-th nearest neighbour of its
    own set. Precision is the share of `fake` (M, d) in a ball of `real`
    (N, d), recall the share of `real` in a ball of `fake` (Kynkäänniemi et al.
    2019). Density is the mean number of real balls around a fake sample, over k;
    coverage the share of real balls with a fake sample inside (Naeem et al.
    2020). All are in [0, 1] except density, which has no upper
    bound. Identical sets give precision, recall and coverage 1; a sample with k copies
    of itself has a ball of radius 0, which contains nothing.

    At most `most` samples of each set are used, chosen by `seed`: the package `prdc`
    holds all distances at once, 300 MB at 5,000 samples. Returns a dict of the four
    names. Raises ValueError for fewer than k + 2 samples, for features of
    different lengths and for values that are not finite.
    """
    if k < 1:
        raise ValueError(f"k is {k}; at least 1 neighbour is needed")
    generator = np.random.default_rng(seed)
    # float32 halves the distances; scikit-learn computes them in float64.
    real, fake = (
        _drawn(checked_features(features, at_least=k + 2), most, generator).astype(
            np.float32
        )
        for features in (real, fake)
    )
    check_widths(real, fake)
    with contextlib.redirect_stdout(io.StringIO()):  # It prints the counts.
        found = compute_prdc(real, fake, k)
    return {name: float(value) for name, value in found.items()}


def _drawn(features: np.ndarray, most: int, generator) -> np.ndarray:
    """At most `most` rows of (N, d), each once."""
    if len(features) <= most:
        return features
    return features[generator.choice(len(features), most, replace=False)]
