"""The kernel distance, against numbers worked out by hand."""

import numpy as np
import pytest

from kgan.metrics import kernel_distance, squared_mmd


def test_two_pairs_of_numbers_by_hand():
    # Within: k(0, 2) = 1 and k(1, 3) = 4^3. Across: k(0, .) = 1, 1; k(2, 1) = 27;
    # k(2, 3) = 343; mean 93. 1 + 64 - 2 * 93.
    assert squared_mmd([[0], [2]], [[1], [3]]) == pytest.approx(-121)


def test_the_product_is_divided_by_the_dimension():
    # k((1, 1), (2, 0)) = (2 / 2 + 1)^3 = 8, k((0, 2), (0, 4)) = 5^3 = 125;
    # across: k = (2/2+1)^3, (4/2+1)^3, 1, 1: mean (8 + 27 + 2) / 4.
    first, second = [[1, 1], [2, 0]], [[0, 2], [0, 4]]
    assert squared_mmd(first, second) == pytest.approx(8 + 125 - 37 / 2)


def test_distance_of_two_normal_distributions_is_that_of_their_moments():
    # (xy + 1)^3 compares moments: 3 (m1 - m1')^2 + 3 (m2 - m2')^2 + (m3 - m3')^2;
    # N(0, 1) has 0, 1, 0 and N(1, 1) has 1, 2, 4.
    generator = np.random.default_rng(0)
    first = generator.normal(size=(20_000, 1))
    second = generator.normal(size=(20_000, 1)) + 1
    value, (low, high) = kernel_distance(first, second, subset=500, subsets=50)
    assert value == pytest.approx(3 + 3 + 16, abs=2)
    assert low < 22 < high
    assert high - low < 4


def test_equal_distributions_are_0_apart_on_average():
    values = []
    for seed in range(60):
        first, second = np.random.default_rng(seed).normal(size=(2, 60, 4))
        value, (low, high) = kernel_distance(
            first, second, subset=20, subsets=20, seed=seed
        )
        assert low < value < high
        values.append(value)
    error = np.std(values) / np.sqrt(len(values))
    assert abs(np.mean(values)) < 3 * error
    # Pairs of a sample with itself would add about 2 E k(x, x) / 20, more than 1.
    assert error < 0.05
    assert min(values) < 0


def test_interval_covers_the_truth_about_as_often_as_it_says():
    shift, covered = 0.5, 0
    truth = 3 * shift**2 + 3 * shift**4 + (3 * shift + shift**3) ** 2
    for seed in range(100):
        first, second = np.random.default_rng(seed).normal(size=(2, 200, 1))
        _, (low, high) = kernel_distance(
            first, second + shift, subset=50, subsets=20, seed=seed
        )
        covered += low <= truth <= high
    assert 85 <= covered <= 100


def test_half_of_few_samples_is_used_and_the_seed_decides():
    generator = np.random.default_rng(0)
    first, second = generator.normal(size=(9, 2)), generator.normal(size=(5, 2))
    value, (low, high) = kernel_distance(first, second, subsets=30, seed=1)
    assert low < value < high
    again = kernel_distance(first, second, subset=2, subsets=30, seed=1)
    assert again == (value, (low, high))
    assert kernel_distance(first, second, subsets=30, seed=2)[0] != value


@pytest.mark.parametrize(
    ("first", "second", "options"),
    [
        (np.zeros((3, 2)), np.zeros((9, 2)), {}),
        (np.zeros((9, 2)), np.zeros((9, 3)), {}),
        (np.full((9, 2), np.nan), np.zeros((9, 2)), {}),
        (np.zeros((9, 2)), np.zeros((9, 2)), {"subsets": 1}),
        (np.zeros((9, 2)), np.zeros((9, 2)), {"subset": 1}),
    ],
)
def test_what_has_no_distance_is_refused(first, second, options):
    with pytest.raises(ValueError):
        kernel_distance(first, second, **options)
