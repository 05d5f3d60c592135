"""How near and how sharp pictures are, by hand."""

import numpy as np
import pytest

from kgan import metrics
from kgan.errors import UserError


def flat(*values):
    """An image of 12x12 pixels for each value."""
    return np.array(values, np.uint8).repeat(144).reshape(-1, 12, 12, 1)


def test_pairs_by_hand():
    """Off by 51 and by 0: |a - b| is 25.5 on average, (a - b)^2 1300.5."""
    found = metrics.paired_report(flat(0, 100), flat(51, 100))
    assert found["L1"] == pytest.approx(0.1)
    assert found["PSNR"] == pytest.approx(10 * np.log10(65025 / 1300.5))
    # Without contrast: (2ab + C1) / (a^2 + b^2 + C1), C1 = (0.01 * 255)^2.
    first = 6.5025 / (51**2 + 6.5025)
    assert found["SSIM"] == pytest.approx((first + 1) / 2, abs=1e-4)


def test_the_same_and_the_opposite():
    tensorboard = (255 * (np.indices((12, 12)).sum(0) % 2)).astype(np.uint8)[
        None, ..., None
    ]
    same = metrics.paired_report(tensorboard, tensorboard)
    assert same["L1"] == 0 and np.isinf(same["PSNR"])
    assert same["SSIM"] == pytest.approx(1)
    opposite = metrics.paired_report(tensorboard, 255 - tensorboard)
    assert opposite["L1"] == 1 and opposite["PSNR"] == pytest.approx(0)
    assert opposite["SSIM"] < -0.9


def test_small_images_have_a_small_window():
    found = metrics.paired_report(flat(7)[:, :8, :8], flat(7)[:, :8, :8])
    assert found["SSIM"] == pytest.approx(1)


def test_sharpness_of_a_ramp():
    """Three per pixel down, four to the right: a slope of five."""
    down, right = np.indices((16, 16))
    ramp = (3 * down + 4 * right).astype(np.uint8)[None, ..., None]
    assert metrics.sharpness(ramp) == pytest.approx(5)
    assert metrics.sharpness(np.concatenate([ramp, 0 * ramp])) == pytest.approx(2.5)
    assert metrics.sharpness(ramp.repeat(3, -1)) == pytest.approx(5)


@pytest.mark.parametrize(
    "images, error",
    [
        (np.zeros((1, 12, 12, 1), np.float32), UserError),
        (np.zeros((0, 12, 12, 1), np.uint8), ValueError),
        (np.zeros((1, 1, 12, 1), np.uint8), ValueError),
    ],
)
def test_what_is_no_picture(images, error):
    with pytest.raises(error):
        metrics.sharpness(images)
    if images.shape[1] > 1:
        with pytest.raises(error):
            metrics.paired_report(images, images)


def test_pairs_must_fit():
    with pytest.raises(ValueError, match="no pairs"):
        metrics.paired_report(flat(0), flat(0, 0))
