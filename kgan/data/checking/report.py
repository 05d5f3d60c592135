"""The report on a data set: what was found, as text and as plain data."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from kgan.errors import few

NAMED = 3  # of the cases of one finding, in a text


@dataclasses.dataclass(frozen=True)
class Case:
    """One case of a finding.

    Attributes:
        names: of the pictures or files: the odd one first, then those it is like.
        reason: in a few words.
        shows: functions that return the pictures of a contact sheet, uint8 (96, 96, 3),
            in the order of the names.
    """

    names: tuple[str, ...]
    reason: str = ""
    shows: tuple[Callable[[], np.ndarray], ...] = ()

    def __str__(self) -> str:
        return " = ".join(self.names) + (f": {self.reason}" if self.reason else "")


@dataclasses.dataclass(frozen=True)
class Finding:
    """A kind of thing that is odd in a data set.

    Attributes:
        kind: its name, such as "leak".
        text: one sentence with the count.
        misleads: whether training on it would mislead.
        cases: each case of it.
    """

    kind: str
    text: str
    misleads: bool = False
    cases: tuple[Case, ...] = ()

    def line(self) -> str:
        """Returns one line, with some of the cases."""
        named = few(map(str, self.cases), NAMED)
        mark = "MISLEADS" if self.misleads else "look at"
        return f"{mark}: {self.text}" + (f" ({named})" if named else "")

    def plain(self) -> dict[str, Any]:
        """Returns the finding as JSON can hold it."""
        cases = [{"names": [*one.names], "reason": one.reason} for one in self.cases]
        told = {"kind": self.kind, "misleads": self.misleads, "text": self.text}
        return told | {"count": len(cases), "cases": cases}


@dataclasses.dataclass(frozen=True)
class Report:
    """The result of checking a data set.

    Attributes:
        dataset: its name.
        variant: for which it was checked.
        said: the lines that the start of a training says about it.
        counts: counts, classes, sizes and values, as JSON can hold them.
        findings: what is odd.
        advice: name of a field -> the value that would help, and why.
    """

    dataset: str
    variant: str
    said: tuple[str, ...]
    counts: dict[str, Any]
    findings: tuple[Finding, ...]
    advice: dict[str, tuple[Any, str]]

    @property
    def misleads(self) -> bool:
        """Whether training on the data would mislead."""
        return any(one.misleads for one in self.findings)

    def found(self, kind: str) -> list[tuple[str, ...]]:
        """Returns the names of each case of a kind of finding."""
        return [
            case.names
            for one in self.findings
            if one.kind == kind
            for case in one.cases
        ]

    def lines(self) -> list[str]:
        """Returns the report as lines of text."""
        lines = [f"{self.dataset}, checked for {self.variant}"]
        lines += [f"  {name}: {told}" for name, told in self._counted()]
        lines += ["what training says of it", *(f"  {line}" for line in self.said)]
        order = sorted(self.findings, key=lambda one: not one.misleads)
        lines += ["what is odd", *(f"  {one.line()}" for one in order)]
        if not order:
            lines.append("  nothing")
        if self.advice:
            lines.append("what may help")
        for field, (value, why) in self.advice.items():
            lines.append(f"  `{field}={_typed(value)}`: {why}")
        return lines

    def plain(self) -> dict[str, Any]:
        """Returns the report as JSON can hold it."""
        advice = {
            name: {"value": value, "why": why}
            for name, (value, why) in self.advice.items()
        }
        return {
            "dataset": self.dataset,
            "variant": self.variant,
            "misleads": self.misleads,
            "counts": self.counts,
            "findings": [one.plain() for one in self.findings],
            "advice": advice,
            "said": [*self.said],
        }

    def _counted(self):
        """(name, text) of each fact."""
        for name, value in self.counts.items():
            if isinstance(value, dict):
                told = [f"{key} ({_typed(number)})" for key, number in value.items()]
                yield name, few(told, 12)
            else:
                yield name, _typed(value)


def _typed(value):
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)
