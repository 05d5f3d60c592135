"""Precision, recall, density and coverage, against sets that can be seen."""

import numpy as np
import pytest

from kgan.metrics import precision_recall_density_coverage

measure = precision_recall_density_coverage


def test_identical_sets_agree_and_nothing_is_printed(capsys):
    features = np.random.default_rng(0).normal(size=(300, 64))
    found = measure(features, features)
    assert (found["precision"], found["recall"], found["coverage"]) == (1, 1, 1)
    # The fake sample on a real one, and its k - 1 nearer neighbours' balls.
    assert found["density"] == pytest.approx(1, abs=0.05)
    assert capsys.readouterr() == ("", "")


def test_distant_sets_have_nothing_in_common():
    features = np.random.default_rng(0).normal(size=(50, 3))
    found = measure(features, features + 100)
    assert found == {"precision": 0, "recall": 0, "density": 0, "coverage": 0}


def test_numbers_on_a_line_by_hand():
    # k = 1: the balls of 0, 1, 3, 7 reach 1, 1, 2, 4; open intervals (-1, 1),
    # (0, 2), (1, 5), (3, 11). Of 1.5, 4, 20 the last is in none; 1.5 and 4 are in
    # two each. (0, 2), (1, 5) and (3, 11) hold one, (-1, 1) holds none.
    # The fake balls: (-1, 4), (1.5, 6.5), (4, 36): they hold 0, 1, 3 and 7.
    real, fake = np.array([[0], [1], [3], [7]]), np.array([[1.5], [4], [20]])
    found = measure(real, fake, k=1)
    expected = {"precision": 2 / 3, "recall": 1, "density": 4 / 3, "coverage": 0.75}
    assert found == pytest.approx(expected)


def test_one_mode_of_two_is_precise_and_recalls_half():
    generator = np.random.default_rng(0)
    real = generator.normal(size=(400, 2))
    real[200:] += 100
    found = measure(real, generator.normal(size=(400, 2)))
    assert found["precision"] > 0.95
    assert 0.4 < found["recall"] < 0.5
    assert 0.4 < found["coverage"] <= 0.5


def test_more_samples_than_the_most_are_drawn_by_the_seed():
    generator = np.random.default_rng(0)
    real, fake = generator.normal(size=(2, 600, 4))
    found = measure(real, fake, most=100)
    assert found == measure(real, fake, most=100)
    assert found != measure(real, fake, most=100, seed=1)
    # Shares of 100 samples each.
    for name in ("precision", "recall", "coverage"):
        assert found[name] * 100 == pytest.approx(round(found[name] * 100))


@pytest.mark.parametrize(
    ("real", "fake", "k"),
    [
        (np.zeros((6, 2)), np.zeros((9, 2)), 5),
        (np.zeros((9, 2)), np.zeros((9, 3)), 5),
        (np.zeros((9, 2)), np.full((9, 2), np.inf), 5),
        (np.zeros((9, 2)), np.zeros((9, 2)), 0),
    ],
)
def test_what_has_no_neighbours_is_refused(real, fake, k):
    with pytest.raises(ValueError):
        measure(real, fake, k=k)
