"""The inception score, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from kgan.metrics import InceptionScore


def test_images_that_tell_nothing_score_1():
    score = InceptionScore().add(np.full((50, 10), 0.1, np.float32))
    assert score.value == pytest.approx(1, abs=1e-12)
    # Sure, but always of the same class.
    assert InceptionScore().add(np.tile(np.eye(10)[3], (50, 1))).value == 1


@pytest.mark.parametrize("classes", [1, 2, 10])
def test_classes_split_perfectly_score_their_number(classes):
    score = InceptionScore().add(np.tile(np.eye(classes), (7, 1)))
    assert score.value == pytest.approx(classes)
    # Rows that sum to 1 by their first digits only are made to.
    rounded = InceptionScore().add(0.9995 * np.eye(classes))
    assert rounded.value == pytest.approx(classes)


def test_two_images_by_hand():
    # p(y) = (5/8, 3/8) of p(y|x) = (1, 0) and (1/4, 3/4).
    first = math.log(8 / 5)
    second = 0.25 * math.log(2 / 5) + 0.75 * math.log(2)
    score = InceptionScore().add([[1, 0], [0.25, 0.75]])
    assert score.value == pytest.approx(math.exp((first + second) / 2))


def test_batches_score_as_the_whole_and_not_as_their_mean():
    rows = np.random.default_rng(0).dirichlet(np.full(5, 0.3), size=1000)
    rows = rows[rows.argmax(axis=1).argsort()]  # So that batches differ.
    score = InceptionScore()
    for start in range(0, 1000, 130):
        score.add(rows[start : start + 130])
    assert score.count == 1000
    divergence = np.sum(rows * np.log(rows / rows.mean(axis=0)), axis=1)
    assert score.value == pytest.approx(math.exp(divergence.mean()))
    assert InceptionScore().add(rows).value == pytest.approx(score.value)


@pytest.mark.parametrize(
    "rows", [[0.5, 0.5], [[0.5, 0.6]], [[1.5, -0.5]], [[math.nan, 1]], [[1, 0, 0]]]
)
def test_what_is_no_distribution_is_refused(rows):
    with pytest.raises(ValueError):
        InceptionScore().add([[0.5, 0.5]]).add(rows)


def test_no_samples_have_no_score():
    with pytest.raises(ValueError):
        InceptionScore().add(np.zeros((0, 10))).value  # noqa: B018
