"""Memorisation: whether generated images are copies of training images."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.neighbors import NearestNeighbors

from kgan.metrics.checks import check_widths, checked_features

CLOSEST = 10


def memorisation_report(
    generated: ArrayLike,
    train: ArrayLike,
    held_out: ArrayLike,
    *,
    seed: int = 0,
    resamples: int = 1000,
    total: int = 0,
) -> dict[str, Any]:
    """Measures how much nearer samples are to training images than to held-out ones.

    `generated` (N, d), `train` (T, d) and `held_out` (H, d) are features of one
    extractor. Nearest distances shrink with the number of images, so subsets of equal
    size are compared: m = min(T, H) training and m held-out images, chosen by `seed`.
    The samples of a generator that has memorised nothing are equally near to both.

    Of copies of training images only the share m / T has its original in the subset,
    so that their median distance would tell nothing. The distances are therefore
    compared at the quantile `level` = m / 2T, the middle of those that would be 0 if
    all samples were copies; with as many held-out as training images it is the median.
    Where `train` is a part of the training images, `total` is how many there are: copies
    of the others have no original in it.

    Returns a dict:
        ratio: quantile of the distances to training images over that to held-out
            ones; about 1 without memorisation, near 0 for copies, nan for 0 / 0.
        interval: (low, high), 95 % of the ratios of `resamples` bootstraps of
            the generated samples; the training and held-out images stay.
        level: the quantile, in (0, 0.5].
        closest: the ten samples nearest to a training image, the nearest first, as
            indices (generated, training).

    Raises ValueError for no samples, for features of different lengths and for
    values that are not finite.
    """
    generated, train, held_out = map(checked_features, (generated, train, held_out))
    check_widths(generated, train, held_out)
    generator = np.random.default_rng(seed)
    size = min(len(train), len(held_out))
    level = size / (2 * (total or len(train)))
    distances = np.stack(
        [
            nearest(
                generated, images[generator.choice(len(images), size, replace=False)]
            )[0]
            for images in (train, held_out)
        ]
    )
    ratios = [
        _ratio(
            distances[:, generator.integers(len(generated), size=len(generated))], level
        )
        for _ in range(resamples)
    ]
    # Between two ratios that may be infinite there is nothing to interpolate.
    low, high = np.quantile(ratios, [0.025, 0.975], method="nearest")
    return {
        "ratio": _ratio(distances, level),
        "interval": (float(low), float(high)),
        "level": level,
        "closest": _closest(generated, train),
    }


def copy_distance(train: ArrayLike, held_out: ArrayLike | None, share: float) -> float:
    """Returns the distance within which an image is taken for a copy of a training image.

    It is the quantile `share` of the distances from held-out images to the nearest
    training image: so near are real images that nobody copied. Without held-out images
    it is that of each training image to the nearest other one.

    Args:
        train: features (T, d); T from 2 without held-out images.
        held_out: features (H, d), or None.
        share: in (0, 1).
    """
    train = checked_features(train)
    if held_out is not None:
        distances, _ = nearest(checked_features(held_out), train)
    else:
        search = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(train)
        distances = search.kneighbors(train)[0][:, 1]
    return float(np.quantile(distances, share))


def _ratio(distances: np.ndarray, level: float) -> float:
    """Quantile `level` of the first row of (2, N) over that of the second."""
    to_train, to_held_out = np.quantile(distances, level, axis=1)
    if to_held_out == 0:
        return math.nan if to_train == 0 else math.inf
    return float(to_train / to_held_out)


def _closest(generated: np.ndarray, train: np.ndarray) -> list[tuple[int, int]]:
    """Indices (generated, training) of the closest pairs, the closest first."""
    distances, indices = nearest(generated, train)
    order = np.argsort(distances, kind="stable")[:CLOSEST]
    return [(int(index), int(indices[index])) for index in order]


def nearest(generated: np.ndarray, images: np.ndarray) -> tuple[Any, ...]:
    """Returns distance (N,) to, and index (N,) of, the nearest of `images` (M, d)."""
    # Trees are slower than all the distances where d is more than about 20.
    search = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(images)
    distances, indices = search.kneighbors(generated)
    return distances[:, 0].astype(np.float64), indices[:, 0]
