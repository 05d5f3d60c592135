"""The spread of numbers that were measured several times."""

from dataclasses import dataclass
from statistics import median
from typing import Self


@dataclass(frozen=True)
class Spread:
    """The median, the least and the most of some numbers."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values) -> Self:
        """Returns the spread of some numbers, of which some may be infinite."""
        return cls(median(values), min(values), max(values))
