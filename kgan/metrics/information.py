"""How much a categorical InfoGAN code tells about the image (Chen et al. 2016)."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from scipy.special import log_softmax


def code_information(logits: ArrayLike, code: ArrayLike) -> float:
    """Returns the lower bound L_I on the mutual information I(c; G(z, c)), in nats.

    L_I = E[log Q(c|x)] + H(c) (Eq. 5). The code is uniform over K categories, so
    H(c) = log K, which is also the largest L_I. A Q that has learned nothing gives 0;
    one that is confidently wrong gives less than 0.

    `logits` is (N, K), Q's unnormalised log-probabilities; `code` is (N,)
    integers in [0, K), the categories the images were made from. Raises
    ValueError where the shapes do not fit, N is 0 or a code is out of range.
    """
    # float64 and log_softmax: a sure Q has logits whose exp would overflow.
    logits = np.asarray(logits, dtype=np.float64)
    code = np.asarray(code)
    if logits.ndim != 2 or code.shape != logits.shape[:1] or code.size == 0:
        raise ValueError(f"logits {logits.shape} do not fit codes {code.shape}")
    categories = logits.shape[1]
    _check_range(code, categories, "code")
    log_q = log_softmax(logits, axis=1)[np.arange(code.size), code]
    return float(np.log(categories) + log_q.mean())


def unsupervised_error(
    categories: ArrayLike, labels: ArrayLike, classes: int = 10
) -> tuple[float, tuple[int, ...]]:
    """Returns the error of the code as a classifier, and how categories match labels.

    InfoGAN's section 7.2 matches each category to one digit and counts the images
    that disagree (5 % on MNIST). Here the matching is one-to-one, and is the one with
    which the most images agree (the Hungarian method).

    `categories` and `labels` are (N,) integers in [0, classes). Returns the
    error in [0, 1] and the matching, with matching[category] = label. Raises
    ValueError where the lengths differ, N is 0 or a value is out of range.
    """
    categories, labels = np.asarray(categories), np.asarray(labels)
    if categories.shape != labels.shape or categories.size == 0:
        raise ValueError(
            f"need as many categories as labels, and at least one: "
            f"{categories.shape} and {labels.shape}"
        )
    _check_range(categories, classes, "category")
    _check_range(labels, classes, "label")
    agreement = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(agreement, (categories, labels), 1)
    rows, matching = linear_sum_assignment(agreement, maximize=True)
    error = 1 - agreement[rows, matching].sum() / labels.size
    return float(error), tuple(int(label) for label in matching)


def _check_range(values: np.ndarray, count: int, name: str) -> None:
    """Raise ValueError unless every one of `values` is in [0, count)."""
    # Without it a negative index would silently count from the end.
    if values.min() < 0 or values.max() >= count:
        raise ValueError(f"a {name} is outside 0..{count - 1}")
