"""InfoGAN's numbers, against values worked out by hand."""

import math

import numpy as np
import pytest

from kgan.metrics import code_information, unsupervised_error


def test_information_of_a_sure_and_right_q_is_the_entropy_of_the_code():
    code = np.arange(10)
    assert code_information(1e4 * np.eye(10), code) == pytest.approx(math.log(10))


def test_information_of_a_q_that_knows_nothing_is_zero():
    assert code_information(np.full((20, 10), 7.0), np.arange(20) % 10) == (
        pytest.approx(0)
    )


def test_information_of_two_categories_by_hand():
    # Q of the true category is 3/4 and 1/2: log 2 + (log 3/4 + log 1/2) / 2
    logits = [[math.log(3), 0], [5, 5]]
    expected = math.log(2) + (math.log(0.75) + math.log(0.5)) / 2
    assert code_information(logits, [0, 1]) == pytest.approx(expected)


def test_information_stays_finite_and_negative_for_a_sure_and_wrong_q():
    information = code_information(np.float32([[2000, 0]]), [1])
    assert information == pytest.approx(math.log(2) - 2000)


@pytest.mark.parametrize("code", [[0], [0, 2], [0, -1], [[0, 1]]])
def test_information_refuses_codes_that_do_not_fit(code):
    with pytest.raises(ValueError):
        code_information(np.zeros((2, 2)), code)


def test_error_is_zero_under_a_permutation_which_is_returned():
    permutation = (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)
    categories = np.tile(np.arange(10), 3)
    labels = np.array(permutation)[categories]
    assert unsupervised_error(categories, labels) == (0.0, permutation)


def test_error_is_that_of_the_best_matching_and_not_of_the_greedy_one():
    # Agreement [[5, 4], [4, 0]]: greedy takes 5 + 0 of 13, the best is 4 + 4.
    categories = [0] * 9 + [1] * 4
    labels = [0] * 5 + [1] * 4 + [0] * 4
    error, matching = unsupervised_error(categories, labels, classes=2)
    assert error == pytest.approx(5 / 13)
    assert matching == (1, 0)


def test_two_categories_cannot_share_a_label():
    # All images show label 0; only one category of two can be named so.
    error, _ = unsupervised_error([0, 0, 0, 1], [0, 0, 0, 0], classes=2)
    assert error == 0.25


@pytest.mark.parametrize(
    ("categories", "labels"), [([], []), ([0], [0, 1]), ([2], [0]), ([0], [-1])]
)
def test_error_refuses_what_does_not_fit(categories, labels):
    with pytest.raises(ValueError):
        unsupervised_error(np.array(categories, int), np.array(labels, int), classes=2)
