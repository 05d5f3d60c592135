"""Verdicts in words, and the verdicts on the health.csv of a finished run."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kgan.errors import UserError
from kgan.health.advice import advise
from kgan.health.thresholds import LONGEST
from kgan.health.verdicts import Verdict, diagnose
from kgan.typing import PathLike

NAME = "health.csv"


class Change(NamedTuple):
    """A new verdict, and the epoch and the step of the check that gave it."""

    epoch: int
    step: int
    verdict: Verdict


def line(change: Change, config: dict[str, Any]) -> str:
    """Returns a `Change` in words: when, what, by which numbers, and what would help.

    The fields that would help stand between backticks.
    """
    name, signals = change.verdict
    if change.verdict.lost:
        parts = [signal.removeprefix("finite_") for signal in signals]
        numbers = f"NaN or infinity in {', '.join(parts)}"
    else:
        numbers = ", ".join(f"{k} {v:.3g}" for k, v in signals.items())
    fields = " ".join(f"`{_set(*one)}`" for one in advise(name, config).items())
    told = f"epoch {change.epoch}, step {change.step}: {name}"
    told += f" ({numbers})" if numbers else ""
    return told + (f"; try {fields}" if fields else "")


def _set(name, value):
    """A field and its value in words; the name alone of what is true."""
    if value is True:
        return name
    return f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"


def read(workdir: PathLike) -> list[dict[str, float]]:
    """Returns the checks of a run: a list of dicts, name of a signal -> float.

    Raises:
        UserError: there are none, or the file is damaged.
    """
    path = Path(workdir) / NAME
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        checks = [{k: float(v) for k, v in row.items()} for row in rows]
        if not all({"epoch", "step"} <= check.keys() for check in checks):
            raise ValueError("no column of epochs and steps")
        if not checks:
            raise FileNotFoundError(path)
    except FileNotFoundError:
        raise UserError(
            f"workdir={workdir}",
            f"no check was made there (nothing in {NAME})",
            "bin/train_gan makes one at every hundredth step, or as its --health_every says",
        ) from None
    except (ValueError, TypeError, csv.Error) as error:
        raise UserError(path, f"damaged ({error})", exit_code=1) from error
    return checks


def review(checks: list[dict[str, float]], config: dict[str, Any]) -> Iterator[Change]:
    """Yields a `Change` for each check at which the verdict became another one."""
    before = Verdict()
    for end in range(1, len(checks) + 1):
        verdict = diagnose(checks[max(0, end - LONGEST) : end], config, before.name)
        if verdict.news(before):
            last = checks[end - 1]
            yield Change(int(last["epoch"]), int(last["step"]), verdict)
        before = verdict


def lines(checks: list[dict[str, float]], config: dict[str, Any]) -> list[str]:
    """Returns a line for each new verdict, and one for the last, as `standing` does."""
    changes = list(review(checks, config))
    last = changes[-1] if changes else Change(0, 0, Verdict())
    rollbacks = int(checks[-1].get("rollbacks", 0))
    return [
        *(line(change, config) for change in changes),
        standing(last, len(checks), rollbacks),
    ]


def standing(last: Change, checks: int, rollbacks: int) -> str:
    """Returns one line: the last verdict, since when, after how many checks."""
    since = f" since epoch {last.epoch}, step {last.step}" if last.step else ""
    back = f", {rollbacks} rollbacks" if rollbacks else ""
    return f"health: {last.verdict.name}{since} ({checks} checks{back})"
