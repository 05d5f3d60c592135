"""Modes that are known, against counts by hand."""

import math

import numpy as np
import pytest

from kgan.metrics import mode_report, stacked_modes

CENTRES = [[0, 0], [10, 0], [0, 10], [10, 10]]


def test_samples_by_hand():
    samples = [
        *([0, 0], [0.1, 0.1], [0, -0.29]),  # three of the first mode
        [10.2, 0.2],  # 0.283 from the second, within 0.3
        [10.22, 0.22],  # 0.311 from it
        [0, 9.69],  # 0.31 from the third, which nobody else is near to
        [5, 5],
        [math.nan, 0],
    ]
    report = mode_report(samples, CENTRES, 0.1)
    assert report["modes"] == 2
    assert report["high_quality"] == 4 / 8
    # Shares 3/4 and 1/4 of four modes: 3/4 log 3 + 1/4 log 1.
    assert report["reverse_kl"] == pytest.approx(0.75 * math.log(3))


def test_all_modes_evenly_and_one_mode_only():
    report = mode_report(CENTRES * 5, CENTRES, 0.05)
    assert report == {"modes": 4, "high_quality": 1, "reverse_kl": pytest.approx(0)}
    report = mode_report(CENTRES[:1] * 5, CENTRES, 0.05)
    expected = pytest.approx(math.log(4))
    assert report == {"modes": 1, "high_quality": 1, "reverse_kl": expected}


def test_true_samples_have_the_mass_of_three_standard_deviations():
    generator = np.random.default_rng(0)
    centres = np.array(CENTRES)[generator.integers(4, size=20_000)]
    report = mode_report(
        centres + 0.5 * generator.normal(size=(20_000, 2)), CENTRES, 0.5
    )
    # Of a Rayleigh distribution: 1 - exp(-9 / 2).
    assert report["high_quality"] == pytest.approx(1 - math.exp(-4.5), abs=0.003)
    assert report["reverse_kl"] < 0.001


def test_no_sample_of_high_quality_leaves_no_shares():
    report = mode_report(np.full((3, 2), 50.0), CENTRES, 0.1)
    assert (report["modes"], report["high_quality"]) == (0, 0)
    assert math.isnan(report["reverse_kl"])


@pytest.mark.parametrize(
    ("samples", "centres", "sigma"),
    [
        (np.zeros((0, 2)), CENTRES, 1),
        (np.zeros((3, 3)), CENTRES, 1),
        (np.zeros((3, 2)), np.zeros((0, 2)), 1),
        (np.zeros((3, 2)), CENTRES, 0),
        (np.zeros((3, 2)), CENTRES, math.nan),
    ],
)
def test_what_is_no_mixture_is_refused(samples, centres, sigma):
    with pytest.raises(ValueError):
        mode_report(samples, centres, sigma)


def test_stacked_modes_counts_triples_and_not_digits():
    # (0, 0, 1), (0, 1, 0) and (1, 0, 0) have the same digits; one comes twice.
    modes, divergence = stacked_modes([[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]])
    assert modes == 3
    expected = 0.5 * math.log(500) + 0.5 * math.log(250)
    assert divergence == pytest.approx(expected)


def test_every_triple_once_is_no_divergence():
    every = np.stack(np.meshgrid(*[np.arange(10)] * 3), axis=-1).reshape(-1, 3)
    assert stacked_modes(every) == (1000, pytest.approx(0))
    assert stacked_modes(every % 2, classes_per_channel=2) == (8, pytest.approx(0))


@pytest.mark.parametrize(
    "classes", [np.zeros((0, 3), int), [0, 1, 2], [[0, 1]], [[0, 0, 10]], [[0, -1, 0]]]
)
def test_classes_that_are_no_triples_are_refused(classes):
    with pytest.raises(ValueError):
        stacked_modes(classes)
