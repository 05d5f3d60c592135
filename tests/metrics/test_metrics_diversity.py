"""How much samples differ, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from kgan.errors import UserError
from kgan.metrics import Moments, feature_variance, pair_similarity, variance_ratio


def constant(values, side):
    """One image of one grey for each of `values`."""
    return np.stack([np.full((side, side, 1), value, np.uint8) for value in values])


def luminance(one, other):
    """SSIM of two images without contrast: (2ab + c) / (a^2 + b^2 + c).

    TensorFlow's is within 0.001: contrast is a difference of squares in float32.
    """
    c = (0.01 * 255) ** 2
    return (2 * one * other + c) / (one**2 + other**2 + c)


def test_variance_is_the_mean_squared_distance_of_all_pairs():
    features = np.random.default_rng(0).normal(size=(20, 3))
    distances = np.sum((features[:, np.newaxis] - features) ** 2, axis=2)
    expected = distances.sum() / (20 * 19)
    assert feature_variance(Moments().add(features)) == pytest.approx(expected)


def test_ratio_is_0_for_one_image_and_1_for_the_data():
    real = Moments().add(np.random.default_rng(0).normal(size=(50, 3)))
    still = Moments().add(np.ones((50, 3)))
    assert variance_ratio(still, real) == 0
    assert variance_ratio(real, real) == 1
    assert math.isnan(variance_ratio(real, still))


@pytest.mark.parametrize(
    ("side", "kind"),
    [(8, "SSIM, window 7"), (1, "SSIM, window 1"), (11, "SSIM"), (161, "MS-SSIM")],
)
def test_equal_images_have_similarity_1_by_the_measure_that_fits(side, kind):
    image = np.random.default_rng(0).integers(256, size=(1, side, side, 3))
    images = np.repeat(image.astype(np.uint8), 3, axis=0)
    value, name = pair_similarity(images, pairs=4)
    assert value == pytest.approx(1, abs=1e-5)
    assert name == kind


def test_images_without_contrast_differ_in_luminance():
    value, name = pair_similarity(constant([50, 200], 16), pairs=5)
    assert name == "SSIM"
    assert value == pytest.approx(luminance(50, 200), abs=1e-3)


def test_luminance_counts_at_the_coarsest_scale_only():
    value, name = pair_similarity(constant([50, 200], 168), pairs=2)
    assert name == "MS-SSIM"
    # The exponent of the fifth scale (Wang et al. 2003).
    assert value == pytest.approx(luminance(50, 200) ** 0.1333, abs=1e-3)


def test_pairs_are_of_different_images_each_as_likely():
    # Six ordered pairs, of which SSIM is the same both ways.
    values = [0, 100, 250]
    pairs = [(0, 100), (0, 250), (100, 250)]
    expected = np.mean([luminance(*pair) for pair in pairs])
    value, _ = pair_similarity(constant(values, 8), pairs=6000)
    assert value == pytest.approx(expected, abs=0.02)
    assert pair_similarity(constant(values, 8), pairs=5, seed=1) == (
        pair_similarity(constant(values, 8), pairs=5, seed=1)
    )


def test_noise_is_less_alike_than_images_of_one_kind():
    generator = np.random.default_rng(0)
    noise = generator.integers(256, size=(20, 16, 16, 1)).astype(np.uint8)
    alike = (noise[:1] // 2 + noise // 8).astype(np.uint8)
    assert abs(pair_similarity(noise, pairs=50)[0]) < 0.1
    assert pair_similarity(alike, pairs=50)[0] > 0.7


def test_what_has_no_pairs_is_refused():
    with pytest.raises(ValueError):
        pair_similarity(constant([3], 8))
    with pytest.raises(ValueError):
        pair_similarity(constant([3, 4], 8), pairs=0)
    with pytest.raises(UserError):
        pair_similarity(np.zeros((2, 8, 8, 1), np.float32))
