"""How evenly samples are spread over the classes, from a classifier's predictions."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr


def class_shares(predictions: ArrayLike, classes: int) -> np.ndarray:
    """Returns the share of the samples in each class, (classes,) float64 with sum 1.

    `predictions` is (N,) integers in [0, classes), N at least 1. Raises ValueError
    for no samples and for a prediction out of range.
    """
    predictions = np.asarray(predictions)
    if predictions.size == 0:
        raise ValueError("no predictions: the shares of the classes are undefined")
    if predictions.min() < 0 or predictions.max() >= classes:
        raise ValueError(f"a prediction is outside 0..{classes - 1}")
    return np.bincount(predictions, minlength=classes) / predictions.size


def covered(shares: ArrayLike, at_least: float = 0.03) -> int:
    """Returns how many classes have a share, of `shares` (K,), of at least `at_least`."""
    return int(np.count_nonzero(np.asarray(shares) >= at_least))


def label_accuracy(predictions: ArrayLike, asked: ArrayLike) -> float:
    """Returns the share of samples that show the requested class, in [0, 1].

    `predictions` and the requested classes `asked` are both (N,) integers, N at least 1. Raises
    ValueError where the lengths differ or N is 0.
    """
    predictions, asked = np.asarray(predictions), np.asarray(asked)
    if predictions.shape != asked.shape or predictions.size == 0:
        raise ValueError(
            f"need as many predictions as labels, and at least one: "
            f"{predictions.shape} and {asked.shape}"
        )
    return float(np.mean(predictions == asked))


def reverse_kl(shares: ArrayLike, reference: ArrayLike | None = None) -> float:
    """Returns the reverse Kullback-Leibler divergence of the class shares, in nats.

    KL(p || q) = sum_i p_i log(p_i / q_i), with p the generated `shares` (K,)
    and q the `reference` (K,), uniform unless given; 0 log 0 = 0. This is the
    "reverse KL" of PacGAN (Lin et al. 2018, section 4): 0 when the shares equal the
    reference, log K when all samples are in one of K equal classes, infinite when
    a class has samples but no share of the reference. Raises
    ValueError where p or q does not sum to 1 or their lengths differ.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if reference is None:
        reference = np.full(shares.shape, 1 / max(shares.size, 1))
    reference = np.asarray(reference, dtype=np.float64)
    if shares.shape != reference.shape:
        raise ValueError(f"{shares.size} shares against {reference.size} of reference")
    for name, values in (("shares", shares), ("reference", reference)):
        if not np.isclose(values.sum(), 1):
            raise ValueError(f"the {name} sum to {values.sum():g}, not to 1")
    return float(rel_entr(shares, reference).sum())
