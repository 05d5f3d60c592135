"""How much samples differ from each other, whatever they show."""

import math

import numpy as np
import tensorflow as tf

from kgan.metrics.checks import check_images
from kgan.metrics.frechet import Moments

WINDOW = 11
# MS-SSIM halves four times and then still needs a window: 161 -> 81 -> 41 -> 21 -> 11.
SMALLEST_FOR_SCALES = 161
# Pixel values of one side of the pairs that are compared at a time; 16 MB.
MOST_VALUES = 4_000_000


def feature_variance(moments: Moments) -> float:
    """Returns the mean squared distance of two different samples' features.

    Over all pairs i != j it is 2 Tr(S), with S the covariance over N - 1: 0 where all
    samples are equal. Raises ValueError for fewer than 2 samples.
    """
    return 2 * moments.variance


def variance_ratio(generated: Moments, real: Moments) -> float:
    """Returns `feature_variance` of the generated samples over that of the real ones.

    It is 0 for a generator that draws one image, about 1 for one as varied as the
    data, and nan where the real ones do not vary. Raises ValueError as `feature_variance`.
    """
    of_real = feature_variance(real)
    return feature_variance(generated) / of_real if of_real > 0 else math.nan


def pair_similarity(
    images: np.ndarray, pairs: int = 1000, seed: int = 0
) -> tuple[float, str]:
    """Returns the mean structural similarity of random pairs of images, and its kind.

    It is 1 where all images are equal, and lower the more they differ. Compare it
    with the value of real images, class by class where there are classes (Odena et
    al. 2017). `images` is uint8 (N, H, W, 1 or 3); `seed` chooses the pairs.

    The kind is "MS-SSIM" (Wang et al. 2003) for sides of 161 pixels or more, else
    "SSIM" (Wang et al. 2004) with its window of 11 pixels, else SSIM with the largest
    odd window that fits, such as "SSIM, window 7". Raises
    UserError for arrays that are no images and ValueError for fewer than 2
    images or no pair.
    """
    check_images(images)
    count = len(images)
    if count < 2 or pairs < 1:
        raise ValueError(f"{pairs} pairs of {count} images: needs 1 of 2 at least")
    generator = np.random.default_rng(seed)
    first = generator.integers(count, size=pairs)
    # Any image but the first: the index moves on by 1 to N - 1, around the end.
    second = (first + generator.integers(1, count, size=pairs)) % count
    side = min(images.shape[1:3])
    window = min(WINDOW, side - 1 + side % 2)
    rows = max(1, MOST_VALUES // math.prod(images.shape[1:]))
    found = []
    for start in range(0, pairs, rows):
        some = slice(start, start + rows)
        one, other = images[first[some]], images[second[some]]
        found.append(_similarity(one, other, side, window))
    return float(np.concatenate(found).mean()), _kind(side, window)


def _similarity(one, other, side: int, window: int) -> np.ndarray:
    """Similarity (n,), float64, of images uint8 (n, H, W, C), pair by pair."""
    one, other = one.astype(np.float32), other.astype(np.float32)
    if side >= SMALLEST_FOR_SCALES:
        similarity = tf.image.ssim_multiscale(one, other, 255)
    else:
        similarity = tf.image.ssim(one, other, 255, filter_size=window)
    return similarity.numpy().astype(np.float64)


def _kind(side: int, window: int) -> str:
    """The name of the measure that images of this side are compared by."""
    if side >= SMALLEST_FOR_SCALES:
        return "MS-SSIM"
    return "SSIM" if window == WINDOW else f"SSIM, window {window}"
