"""Verdicts on a run, from a series of checks.

A check is a dict, name of a signal -> float. A signal that a game does not have, or
that is nan, says nothing.
"""

import itertools
import math
import statistics
from collections.abc import Callable
from typing import Any, NamedTuple

from kgan.health.thresholds import THRESHOLDS

HEALTHY, DIVERGED, EQUILIBRIUM = "healthy", "diverged", "at equilibrium"
BEST = "D/best_accuracy"  # the best mean of D's two accuracies at any check so far


class Verdict(NamedTuple):
    """The state of a run: healthy, at equilibrium, or one of several troubles.

    Attributes:
        name: one of `VERDICTS`.
        signals: the signals that show it, name -> value at the last check that does.
    """

    name: str = HEALTHY
    signals: dict[str, Any] = {}  # noqa: RUF012 never changed

    @property
    def lost(self) -> bool:
        """Whether it is because of a NaN or an infinity, from which no step recovers."""
        return any(name.startswith("finite_") for name in self.signals)

    def news(self, before: "Verdict") -> bool:
        """Whether it differs from the verdict `before`."""
        return self.name != before.name or (self.lost and not before.lost)


class Rule(NamedTuple):
    """A symptom, and how often it must show for a verdict.

    Attributes:
        verdict: its name.
        checks: how many in a row must show the symptom.
        symptom: (the checks so far, config) -> the signals of the last one that show
            the symptom, {} where it has none.
    """

    verdict: str
    checks: int
    symptom: Callable[..., Any]


def diagnose(
    series: list[dict[str, float]], config: dict[str, Any], before: str = HEALTHY
) -> Verdict:
    """Returns the `Verdict` on a run after the last check of `series`.

    A verdict is given when enough checks in a row show its symptom, and taken back
    when as many in a row do not. If there are several, the first of `RULES` is given.

    Args:
        series: the last `LONGEST` checks or more, the oldest first.
        config: fields of the run's configuration, name -> plain value.
        before: the name of the verdict after the check before.
    """
    for rule in RULES:
        ends = range(len(series) - rule.checks + 1, len(series) + 1)
        shown = [rule.symptom(series[:end], config) if end > 0 else {} for end in ends]
        if all(shown) or (before == rule.verdict and any(shown)):
            return Verdict(rule.verdict, next(one for one in reversed(shown) if one))
    return Verdict()


def symptoms(series: list[dict[str, float]], config: dict[str, Any]) -> list[str]:
    """Returns the names of the troubles whose symptom the last check shows."""
    shown = [rule.verdict for rule in RULES if rule.symptom(series, config)]
    return [name for name in shown if name != EQUILIBRIUM]


def _not_finite(series, config):
    flags = {k: v for k, v in series[-1].items() if k.startswith("finite_")}
    return {name: value for name, value in flags.items() if not value}


def _exploded(series, config):
    if config.get("objective") == "wasserstein":
        return {}  # whose value has no bounds
    # The rest of G's loss is as large as its weights, such as a cycle's 500.
    told = ("D/loss", "G/adversarial")
    losses = {k: v for k, v in series[-1].items() if k.startswith(told)}
    return {k: v for k, v in losses.items() if abs(v) >= _limit("loss")}


def _vanishing(series, config):
    check = series[-1]
    if config.get("objective") == "minimax" and check.get("saturation", 1.0) <= _limit(
        "saturation"
    ):
        return _signals(check, "saturation", "D(G(z))", "G/gradient_norm")
    told_apart = check.get("D/accuracy_fake", 0.0) >= _limit("told_apart")
    if told_apart and check.get("G/gradient_norm", 1.0) <= _limit("gradient"):
        return _signals(check, "G/gradient_norm", "D/accuracy_fake")
    return {}


def _collapsed(series, config):
    return _low(series[-1], "distance", "nearest")


def _few_classes(series, config):
    return _low(series[-1], "classes")


def _low(check, *names):
    if check.get("step", 0) < _limit("young"):
        return {}  # an untrained G draws one grey image
    low = [name for name in names if check.get(name, 1.0) <= _limit(name)]
    return _signals(check, *low)


def _too_strong(series, config):
    check = series[-1]
    names = "D/accuracy_real", "D/accuracy_fake"
    if min(check.get(name, 0.0) for name in names) < _limit("accuracy"):
        return {}
    gap = check.get("D(x)", 1.0) - check.get("D(G(z))", 0.0)
    gap /= 1.0 - _smoothing(config)
    return _signals(check, *names, "D(x)", "D(G(z))") if gap >= _limit("gap") else {}


def _memorises(series, config):
    check = series[-1]
    if check.get("memory", 0.0) < _limit("memory"):
        return {}
    return _signals(check, "memory")


def _oscillating(series, config):
    """The gap of D's answers swings about its mean, far and often."""
    part = series[-int(_limit("swing_checks")) :]
    names = "D/accuracy_real", "D/accuracy_fake"
    gaps = [sum(one.get(name, math.nan) for name in names) / 2 for one in part]
    if len(part) < _limit("swing_checks") or any(map(math.isnan, gaps)):
        return {}
    middle, swing = statistics.fmean(gaps), statistics.pstdev(gaps)
    pairs = itertools.pairwise(gaps)
    turns = sum((a > middle) != (b > middle) for a, b in pairs)
    if swing < _limit("swing") or turns < _limit("swing_turns"):
        return {}
    return {"swing": swing, "turns": float(turns)}


def _too_weak(series, config):
    check = series[-1]
    found, best = _undecided(check, config), _signals(check, BEST)
    return found | best if found and best.get(BEST, 1.0) <= _limit("ever") else {}


def _at_equilibrium(series, config):
    return _undecided(series[-1], config)


def _undecided(check, config):
    """The signals of a D that tells nothing apart at a check, {} of one that does."""
    if check.get("step", 0) < _limit("young"):
        return {}
    smoothing = _smoothing(config)
    found = _signals(check, "D(x)", "D(G(z))")
    if not found:
        return {}
    away = _furthest(found, (1.0 - smoothing) / 2)  # D* where both densities are equal
    if away > _limit("away"):
        return {}
    sides = _signals(check, "D/accuracy_real", "D/accuracy_fake")
    if sides and (smoothing or away <= _limit("flat")):
        # All answers of a D so unsure may lie on one side of 1/2.
        sides = {"D/accuracy": statistics.fmean(sides.values())}
    return found | sides if not sides or _furthest(sides, 0.5) <= _limit("away") else {}


def _smoothing(config):
    """What D's best answer on real data is below 1."""
    return config.get("label_smoothing", 0.0)


def _furthest(values, middle):
    """How far the one furthest from `middle` is."""
    return max(abs(value - middle) for value in values.values())


def _signals(check, *names):
    values = {name: check.get(name, math.nan) for name in names}
    return {name: value for name, value in values.items() if not math.isnan(value)}


def _limit(name):
    return THRESHOLDS[name].value


# The first one that holds is told: what ends a run; then one image drawn for all, which
# any D tells; then what D does, under which a G that learned nothing shows few classes.
RULES = (
    Rule(DIVERGED, 1, _not_finite),
    Rule(DIVERGED, 3, _exploded),
    Rule("generator gradient vanishing", 3, _vanishing),
    Rule("mode collapse", 3, _collapsed),
    Rule("discriminator memorises", 3, _memorises),
    Rule("discriminator too strong", 3, _too_strong),
    Rule("discriminator too weak", 5, _too_weak),
    Rule(EQUILIBRIUM, 5, _at_equilibrium),
    Rule("mode collapse", 3, _few_classes),
    Rule("oscillating", 3, _oscillating),
)
VERDICTS = (HEALTHY, *dict.fromkeys(rule.verdict for rule in RULES))
