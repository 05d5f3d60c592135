"""Series written by hand: each verdict, and the healthy series that lie next to it."""

import itertools
import math

import pytest

from kgan.health import (
    HEALTHY,
    LONGEST,
    THRESHOLDS,
    VERDICTS,
    diagnose,
    line,
    review,
    symptoms,
)
from kgan.health.verdicts import RULES

WELL = {
    "D(x)": 0.55,
    "D(G(z))": 0.45,
    "D/accuracy_real": 0.65,
    "D/accuracy_fake": 0.7,
    "D/loss": 1.3,
    "G/loss": 0.9,
    "G/gradient_norm": 1.0,
    "distance": 0.95,
    "nearest": 0.8,
    "classes": 0.9,
    "memory": 0.55,
    "saturation": 0.9,
    "finite_weights": 1.0,
}
SHARP = {
    "D/accuracy_real": 0.99,
    "D/accuracy_fake": 0.99,
    "D(x)": 0.97,
    "D(G(z))": 0.02,
}
EVEN = dict.fromkeys(SHARP, 0.5)
FLAT = {"D(x)": 0.501, "D(G(z))": 0.499}  # right or wrong by nothing
ONE_SIDE = {"D/accuracy_real": 0.02, "D/accuracy_fake": 0.99}
SMOOTHED = {"D(x)": 0.45, "D(G(z))": 0.45} | {
    "D/accuracy_real": 0.03,
    "D/accuracy_fake": 0.97,
}
PLAIN = {"objective": "nonsaturating"}


def checks(*changes, first=600):
    """A check for each of the `changes` to a healthy one, a hundred steps apart."""
    return [
        WELL | {"epoch": i, "step": first + 100 * i} | change
        for i, change in enumerate(changes)
    ]


def swings(low, high, length):
    sides = itertools.cycle([low, high])
    return [
        {"D/accuracy_real": side, "D/accuracy_fake": side}
        for side, _ in zip(sides, range(length), strict=False)
    ]


SICK = [
    ("diverged", [{"finite_weights": 0.0}], {}),
    ("diverged", [{"finite_images": 0.0, "G/loss": math.nan}], {}),
    ("diverged", [{"D/loss": 2e3}] * 3, {}),
    ("diverged", [{"G/adversarial_y": 2e3}] * 3, {}),
    (
        "generator gradient vanishing",
        [{"saturation": 0.01}] * 3,
        {"objective": "minimax"},
    ),
    ("generator gradient vanishing", [SHARP | {"G/gradient_norm": 0.0}] * 3, {}),
    ("discriminator too strong", [SHARP | {"saturation": 0.01}] * 3, {}),
    ("mode collapse", [{"nearest": 0.02}] * 3, {}),
    ("mode collapse", [{"distance": 0.1}, {"distance": 0.1}, {"nearest": 0.0}], {}),
    ("mode collapse", [SHARP | {"nearest": 0.0}] * 3, {}),
    ("mode collapse", [{"classes": 0.1}] * 3, {}),
    ("discriminator too strong", [SHARP | {"classes": 0.1}] * 3, {}),
    ("discriminator memorises", [{"memory": 0.9}] * 3, {}),
    ("discriminator memorises", [SHARP | {"memory": 0.9}] * 3, {}),
    ("oscillating", swings(0.3, 0.95, 10), {}),
    ("at equilibrium", [EVEN] * 5, {}),
    ("at equilibrium", [EVEN | {"D/best_accuracy": 0.7}] * 5, {}),
    ("at equilibrium", [FLAT | ONE_SIDE] * 5, {}),
    ("discriminator too weak", [FLAT | ONE_SIDE | {"D/best_accuracy": 0.51}] * 5, {}),
    ("discriminator too weak", [EVEN | {"D/best_accuracy": 0.54}] * 5, {}),
    ("mode collapse", [{"nearest": 0.02} | FLAT] * 3, {}),
    # With smoothing D's best answer on real data is 0.9, and 0.45 at the equilibrium.
    (
        "discriminator too strong",
        [SHARP | {"D(x)": 0.88}] * 3,
        {"label_smoothing": 0.1},
    ),
    ("at equilibrium", [SMOOTHED] * 5, {"label_smoothing": 0.1}),
    (
        "discriminator too weak",
        [SMOOTHED | {"D/best_accuracy": 0.51}] * 5,
        {"label_smoothing": 0.1},
    ),
]
WELL_ENOUGH = [
    ("two checks are no evidence", [SHARP] * 2, {}),
    ("nor three with a gap", [SHARP, {}, SHARP, SHARP], {}),
    (
        "a loss of any size, for a critic",
        [{"D/loss": -2e3}] * 3,
        {"objective": "wasserstein"},
    ),
    ("one large loss", [{"D/loss": 2e3}, {}, {}], {}),
    ("a weighty cycle", [{"G/loss": 564.0, "G/cycle_y": 280.0}] * 3, {}),
    ("a flat loss that is not played", [{"saturation": 0.01}] * 3, {}),
    ("a D that is right but not sure", [SHARP | {"D(x)": 0.7, "D(G(z))": 0.3}] * 3, {}),
    ("one side told apart", [{"D/accuracy_fake": 1.0, "D(G(z))": 0.01}] * 3, {}),
    (
        "steady gain",
        [
            {"D/accuracy_real": a, "D/accuracy_fake": a}
            for a in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.95)
        ],
        {},
    ),
    ("small swings", swings(0.6, 0.75, 12), {}),
    ("even on one side", [EVEN | {"D/accuracy_real": 0.8, "D(x)": 0.52}] * 6, {}),
    ("nearly flat, and right", [{"D(x)": 0.51, "D(G(z))": 0.49}] * 6, {}),
    ("flat, and right", [FLAT] * 6, {}),
    ("right at last", [{"D/best_accuracy": 0.54}] * 6, {}),
    ("four even checks", [EVEN] * 4, {}),
    ("below 1/2 without smoothing", [SMOOTHED] * 5, {}),
    (
        "no signal at all",
        [dict.fromkeys(WELL, math.nan) | {"finite_weights": 1.0}] * 9,
        {},
    ),
]


@pytest.mark.parametrize("name, changes, config", SICK)
def test_sick(name, changes, config):
    series = checks(*changes)
    verdict = diagnose(series, PLAIN | config)
    assert verdict.name == name and verdict.signals
    assert all(series[-1].get(k, v) == v for k, v in verdict.signals.items())
    assert diagnose(series[:-1], PLAIN | config).name == HEALTHY, "one check less"


@pytest.mark.parametrize("why, changes, config", WELL_ENOUGH)
def test_well_enough(why, changes, config):
    assert diagnose(checks(*changes), PLAIN | config).name == HEALTHY, why


def test_the_first_images_of_g_are_alike():
    assert diagnose(checks(*[{"nearest": 0.02}] * 5, first=0), PLAIN).name == HEALTHY


def test_every_verdict_has_a_series():
    assert {name for name, _, _ in SICK} | {HEALTHY} == set(VERDICTS)
    assert max(r.checks for r in RULES) <= LONGEST
    assert THRESHOLDS["swing_checks"].value + 2 <= LONGEST


def test_a_verdict_stays_until_as_many_checks_are_well():
    series = checks(*[{"memory": 0.9}] * 4, *[{}] * 3)
    config = PLAIN
    names, before = [], HEALTHY
    for end in range(1, len(series) + 1):
        before = diagnose(series[:end], config, before).name
        names.append(before)
    ill = "discriminator memorises"
    assert names == [*[HEALTHY] * 2, *[ill] * 4, HEALTHY]
    told = [(c.step, c.verdict.name) for c in review(series, config)]
    assert told == [(800, ill), (1200, HEALTHY)]


def test_a_nan_on_top_of_a_divergence_is_news():
    series = checks(*[{"D/loss": 2e3}] * 4, {"finite_weights": 0.0})
    (first, second) = review(series, PLAIN)
    assert not first.verdict.lost and second.verdict.lost


def test_one_check_by_itself():
    assert symptoms(checks({"memory": 0.9}), PLAIN) == ["discriminator memorises"]
    assert symptoms(checks(EVEN), PLAIN) == [] == symptoms(checks({}), PLAIN)


def test_in_words():
    series = checks(*[SHARP] * 3)
    (change,) = review(series, {"objective": "nonsaturating", "penalty": "none"})
    assert line(change, {"objective": "nonsaturating", "penalty": "none"}) == (
        "epoch 2, step 800: discriminator too strong (D/accuracy_real 0.99, "
        "D/accuracy_fake 0.99, D(x) 0.97, D(G(z)) 0.02); try `penalty=r1`"
    )
    (change,) = review(checks({"finite_weights": 0.0, "finite_losses": 0.0}), PLAIN)
    assert "(NaN or infinity in weights, losses)" in line(change, PLAIN)
