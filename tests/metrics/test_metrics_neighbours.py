"""The nearest-neighbour classifier that learns from samples."""

import numpy as np
import pytest

from kgan.metrics import one_nearest_neighbour_error


def test_four_numbers_by_hand():
    train, labels = np.array([[0.0], [10.0]]), [0, 1]
    test = np.array([[1.0], [4.9], [5.1], [12.0]])
    assert one_nearest_neighbour_error(train, labels, test, [0, 0, 1, 0]) == 0.25


def test_bytes_do_not_wrap_around():
    # 250 is nearer to 255 than to 0, and 5 nearer to 0, also without a sign.
    train = np.array([0, 255], np.uint8).reshape(2, 1, 1, 1)
    test = np.array([250, 5], np.uint8).reshape(2, 1, 1, 1)
    assert one_nearest_neighbour_error(train, [3, 7], test, [7, 3]) == 0


def test_small_digits_are_told_apart_by_their_neighbours(digits):
    error = one_nearest_neighbour_error(
        digits["pixels"], digits["labels"], digits["test_pixels"], digits["test_labels"]
    )
    pixels = [
        digits[name].reshape(-1, 64).astype(float) for name in ("pixels", "test_pixels")
    ]
    nearest = [np.sum((pixels[0] - image) ** 2, axis=1).argmin() for image in pixels[1]]
    expected = np.mean(digits["labels"][nearest] != digits["test_labels"])
    assert error == expected
    assert 0 < error < 0.03


@pytest.mark.parametrize(
    "changes",
    [
        {"train": np.zeros((0, 4)), "train_labels": np.zeros(0, int)},
        {"test": np.zeros((0, 4)), "test_labels": np.zeros(0, int)},
        {"train_labels": [0, 1]},
        {"test_labels": [[0], [1], [2]]},
        {"test": np.zeros((3, 5))},
        {"test": np.full((3, 4), np.nan)},
    ],
)
def test_images_and_labels_that_do_not_fit_are_refused(changes):
    good = {"train": np.zeros((3, 4)), "train_labels": [0, 1, 2]}
    good |= {"test": np.zeros((3, 4)), "test_labels": [0, 1, 2]}
    with pytest.raises(ValueError):
        one_nearest_neighbour_error(**(good | changes))
