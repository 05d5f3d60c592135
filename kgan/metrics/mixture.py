"""How many modes samples cover, where the modes of the data are known."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kgan.metrics.coverage import class_shares, reverse_kl

REACH = 3  # standard deviations


def mode_report(samples: ArrayLike, centres: ArrayLike, sigma: float) -> dict[str, Any]:
    """Measures modes, quality and balance of samples of a mixture of normals.

    `samples` is (N, 2), `centres` (K, 2), and `sigma` the standard deviation of every
    component. A sample belongs to the nearest centre, and is of high quality if it is
    within 3 sigma of that (Srivastava et al. 2017, "VEEGAN").

    Returns a dict:
        modes: number of centres that at least one high-quality sample belongs
            to, from 0 to K.
        high_quality: share of the samples that are of high quality, in [0, 1].
        reverse_kl: KL(p || uniform) in nats, of the shares p of the centres
            among the high-quality samples only (Lin et al. 2018, "PacGAN",
            section 4); from 0 to log K, nan when there are none.

    A sample that is not finite counts as one of low quality. Raises ValueError
    for no samples or centres, for shapes that do not fit and for a sigma that is
    not positive.
    """
    samples = np.asarray(samples, dtype=np.float64)
    centres = np.asarray(centres, dtype=np.float64)
    for name, values in (("samples", samples), ("centres", centres)):
        if values.ndim != 2 or values.shape[1] != 2 or len(values) == 0:
            raise ValueError(f"{name} must be (N, 2), N at least 1: {values.shape}")
    if not sigma > 0:
        raise ValueError(f"sigma must be positive, not {sigma}")
    distances = np.linalg.norm(samples[:, np.newaxis] - centres, axis=2)
    nearest = distances.argmin(axis=1)
    near = distances[np.arange(len(samples)), nearest] <= REACH * sigma
    good = nearest[near]
    balance = reverse_kl(class_shares(good, len(centres))) if good.size else math.nan
    return {
        "modes": len(np.unique(good)),
        "high_quality": float(near.mean()),
        "reverse_kl": balance,
    }


def stacked_modes(
    classes: ArrayLike, classes_per_channel: int = 10
) -> tuple[int, float]:
    """Counts the modes of Stacked MNIST that samples cover, and measures how evenly.

    `classes` is (N, 3) integers in [0, classes_per_channel), a classifier's
    predictions for the three channels of every image; a mode is one of the 1,000
    triples. Returns the number of triples with at least one sample, and
    KL(p || uniform) = sum_i p_i log(1000 p_i) in nats, p the share of all samples
    that show triple i (Lin et al. 2018, "PacGAN", Tables 2-3): 0 to log 1000.
    Raises ValueError for no samples and for a class out of range.
    """
    classes = np.asarray(classes)
    if classes.ndim != 2 or classes.shape[1] != 3 or len(classes) == 0:
        raise ValueError(f"classes must be (N, 3), N at least 1: {classes.shape}")
    if classes.min() < 0 or classes.max() >= classes_per_channel:
        raise ValueError(f"a class is outside 0..{classes_per_channel - 1}")
    triples = np.ravel_multi_index(classes.T, (classes_per_channel,) * 3)
    shares = class_shares(triples, classes_per_channel**3)
    return int(np.count_nonzero(shares)), reverse_kl(shares)
