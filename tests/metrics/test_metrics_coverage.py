"""Coverage of the classes, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from kgan.metrics import class_shares, covered, label_accuracy, reverse_kl


def test_class_shares_count_every_class_also_the_empty_one():
    shares = class_shares(np.array([0, 2, 2, 3]), classes=5)
    np.testing.assert_array_equal(shares, [0.25, 0, 0.5, 0.25, 0])


@pytest.mark.parametrize("predictions", [[], [0, 3], [-1, 0]])
def test_class_shares_refuse_none_and_out_of_range(predictions):
    with pytest.raises(ValueError):
        class_shares(np.array(predictions, dtype=int), classes=3)


def test_covered_includes_the_threshold_itself():
    assert covered(class_shares([0] * 95 + [1] * 3 + [2] * 2, classes=4)) == 2
    assert covered([0.6, 0.4, 0.0], at_least=0.5) == 1


def test_label_accuracy_is_the_share_that_agrees():
    assert label_accuracy([1, 2, 3, 4], [1, 2, 0, 0]) == 0.5


def test_label_accuracy_refuses_unequal_lengths_and_none():
    with pytest.raises(ValueError):
        label_accuracy([1, 2], [1])
    with pytest.raises(ValueError):
        label_accuracy([], [])


def test_reverse_kl_is_zero_for_uniform_and_log_k_for_one_mode():
    assert reverse_kl(np.full(10, 0.1)) == pytest.approx(0)
    assert reverse_kl(np.eye(10)[3]) == pytest.approx(math.log(10))


def test_reverse_kl_weighs_by_the_generated_shares():
    # 3/4 log(3/4 / 1/2) + 1/4 log(1/4 / 1/2) = 3/4 log 3 - log 2
    expected = 0.75 * math.log(3) - math.log(2)
    assert reverse_kl([0.75, 0.25]) == pytest.approx(expected)
    # 1/2 log(1/2 / 3/4) + 1/2 log(1/2 / 1/4) = log 2 - 1/2 log 3
    expected = math.log(2) - 0.5 * math.log(3)
    assert reverse_kl([0.5, 0.5], [0.75, 0.25]) == pytest.approx(expected)


def test_reverse_kl_is_infinite_for_a_class_the_reference_lacks():
    assert reverse_kl([0.5, 0.5], [1, 0]) == math.inf
    assert reverse_kl([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))


@pytest.mark.parametrize(
    ("shares", "reference"), [([0.5, 0.6], None), ([1, 0], [2, 0]), ([1], [0.5, 0.5])]
)
def test_reverse_kl_refuses_what_is_no_distribution(shares, reference):
    with pytest.raises(ValueError):
        reverse_kl(shares, reference)
