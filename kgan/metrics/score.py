"""A measured number with all that must be equal to compare it with another."""

import json
import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from kgan.errors import UserError

# The one part of a stamp that may differ: other samples of the same game.
FREE = "seeds.samples"
# How a number is written that JSON has none for.
NOT_FINITE = ("nan", "inf", "-inf")


@dataclass(frozen=True)
class Score:
    """One measured number, and how it was measured.

    Attributes:
        name: the measure and the extractor, such as "FID-digits".
        value: the number; it may be nan or infinite.
        interval: (low, high), or None where the measure gives none.
        floor: the value of real against real images by the same protocol, or
            None.
        stamp: a dict of all that two scores must share to be comparable: the
            data set, the split, the counts, the extractor, the version, seeds
            and so on. Values are text, finite numbers, truth values, None, and
            lists and dicts of them; tuples become lists and NumPy's numbers
            Python's. Seeds of the samples are at `stamp["seeds"]["samples"]`.

    Raises UserError for values of other kinds.
    """

    name: str
    value: float
    interval: tuple[float, float] | None = None
    floor: float | None = None
    stamp: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise UserError("score", f"its name is {self.name!r}")
        self._set("value", _number(self.value, f"{self.name}: value"))
        if self.floor is not None:
            self._set("floor", _number(self.floor, f"{self.name}: floor"))
        if self.interval is not None:
            self._set("interval", _interval(self.interval, f"{self.name}: interval"))
        if not isinstance(self.stamp, dict):
            raise UserError(f"{self.name}: stamp", "is no dict")
        self._set("stamp", _plain(self.stamp, f"{self.name}: stamp"))

    def as_plain(self) -> dict[str, Any]:
        """Returns a dict that JSON can hold; numbers that are not finite become text."""
        interval = self.interval
        return {
            "name": self.name,
            "value": _written(self.value),
            "interval": None if interval is None else [_written(x) for x in interval],
            "floor": None if self.floor is None else _written(self.floor),
            "stamp": _plain(self.stamp, "stamp"),
        }

    @classmethod
    def from_plain(cls, plain: object) -> "Score":
        """Returns the score from which `as_plain` made `plain`, or raises UserError."""
        names = {one.name for one in fields(cls)}
        if not isinstance(plain, dict) or plain.keys() != names:
            raise UserError("score", f"needs {', '.join(sorted(names))}: {plain!r:.80}")
        return cls(**plain)

    def _set(self, name: str, value) -> None:
        object.__setattr__(self, name, value)  # The class is frozen.


def compare(first: Score, second: Score) -> float:
    """Returns by how much the value of `second` is above that of `first`.

    Raises UserError, with every field that differs, where the names or the stamps
    differ. Only the seeds of the samples may.
    """
    if first.name != second.name:
        raise UserError(first.name, f"cannot be compared with {second.name}")
    old, new = _flat(first.stamp), _flat(second.stamp)
    different = [
        f"{place}: {old.get(place, 'absent')} -> {new.get(place, 'absent')}"
        for place in sorted(old.keys() | new.keys())
        if not f"{place}.".startswith(f"{FREE}.") and not _equal(old, new, place)
    ]
    if different:
        raise UserError(f"{first.name} cannot be compared", "; ".join(different))
    return second.value - first.value


def _flat(stamp: dict[str, Any], start: str = "") -> dict[str, Any]:
    """{"counts": {"real": 5}} as {"counts.real": 5}; an empty dict is a value."""
    flat = {}
    for key, value in stamp.items():
        if isinstance(value, dict) and value:
            flat |= _flat(value, f"{start}{key}.")
        else:
            flat[start + key] = value
    return flat


def _equal(old: dict[str, Any], new: dict[str, Any], place: str) -> bool:
    """Whether both have the same there, and of the same kind: 1 is not True."""
    if place not in old or place not in new:
        return False
    first, second = (json.dumps(flat[place], sort_keys=True) for flat in (old, new))
    return first == second


def _plain(value, place: str):
    """`value` as JSON would give it back, or UserError that names the place."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(one, f"{place}.{key}") for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, place) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(place, f"{value} is not finite")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise UserError(place, f"a {type(value).__name__} cannot be written as JSON")


def _number(value, place: str) -> float:
    """A float of a number or of the text of one that is not finite."""
    if isinstance(value, np.generic):
        value = value.item()
    text = isinstance(value, str) and value in NOT_FINITE
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not text and not number:
        raise UserError(place, f"{value!r:.80} is no number")
    try:
        return float(value)
    except OverflowError:
        raise UserError(place, "is too large") from None


def _interval(value, place: str) -> tuple[float, float]:
    """(low, high), of a list or tuple of two numbers in this order."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise UserError(place, f"{value!r:.80} is not a low and a high number")
    low, high = (_number(one, place) for one in value)
    if low > high:
        raise UserError(place, f"{low} is above {high}")
    return low, high


def _written(value: float) -> float | str:
    """The number, or its text where it is not finite."""
    return value if math.isfinite(value) else str(value)
