"""The inception score (Salimans et al. 2016), streaming, of any classifier."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy


class InceptionScore:
    """Accumulates exp E_x KL(p(y|x) || p(y)) of batches of class probabilities.

    p(y) is the mean of p(y|x) over all samples, not over one of several splits. The
    score is 1 where all images look alike to the classifier, and K where it is certain
    of each image and sees the K classes equally often. The expectation is computed as
    H(p(y)) - E_x H(p(y|x)), which needs no more memory than K numbers.
    """

    def __init__(self) -> None:
        self.count = 0
        self._sum = np.zeros(())
        self._entropy = 0.0

    def add(self, probabilities: ArrayLike) -> "InceptionScore":
        """Adds `probabilities` (N, K), and returns this score.

        Raises ValueError for rows that are no distribution and for another K.
        """
        probabilities = np.asarray(probabilities, dtype=np.float64)
        if probabilities.ndim != 2 or probabilities.shape[1] == 0:
            raise ValueError(f"probabilities must be (N, K): {probabilities.shape}")
        if self.count and probabilities.shape[1] != len(self._sum):
            classes = f"{len(self._sum)} and {probabilities.shape[1]}"
            raise ValueError(f"probabilities of different classes: {classes}")
        sums = probabilities.sum(axis=1, keepdims=True)
        # Written so that a NaN fails as well.
        if not (probabilities >= 0).all() or not np.allclose(sums, 1, atol=1e-3):
            raise ValueError("a row of probabilities is negative or has not sum 1")
        # float32 rows sum to 1 to seven digits only, and equal ones must give 1.
        exact = probabilities / sums
        self.count += len(exact)
        self._sum = self._sum + exact.sum(axis=0)
        self._entropy -= xlogy(exact, exact).sum()
        return self

    @property
    def value(self) -> float:
        """The score, in [1, K]. Raises ValueError for no samples."""
        if self.count == 0:
            raise ValueError("no samples: the inception score is undefined")
        marginal = self._sum / self.count
        information = -xlogy(marginal, marginal).sum() - self._entropy / self.count
        # Never negative but for rounding, as a mean of divergences.
        return math.exp(max(information, 0.0))
