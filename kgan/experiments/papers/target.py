"""The goals of a table, and whether its cells reach them."""

import dataclasses
import operator
from typing import Any

import numpy as np

SENSES = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclasses.dataclass(frozen=True)
class Target:
    """A bound on one number of a table.

    Attributes:
        row, column: whose number it is.
        sense: one of `SENSES`.
        bound: that is to be kept.
        best: whether of the best seed, or else of the seeds' mean.
        minus: a row whose mean is subtracted, for a gap; "" for none.
        per: a row whose mean it is divided by, for a share; "" for none.
        floor: of the column, which is subtracted from both before.
    """

    row: str
    column: str
    sense: str
    bound: float
    best: bool = False
    minus: str = ""
    per: str = ""
    floor: float = 0.0

    def told(self, cells, show):
        """One line that says what was aimed at and reached; "" without cells.

        Args:
            cells: the table's, of `Cell`.
            show: makes a text of a number of the column.
        """
        found = self._found(cells)
        if found is None:
            return ""
        what = f"{self.row}, {'best ' if self.best else ''}{self.column}"
        if self.minus:
            what += f" beyond that of {self.minus}"
        if self.per:
            above = f" above {self.floor:g}" if self.floor else ""
            what, show = (
                f"{what}{above}, as a share of that of {self.per},",
                "{:.2f}".format,
            )
        return (
            f"{what} {self.sense} {self.bound:g}: {show(found)}, "
            f"{'reached' if self.reached(cells) else '**missed**'}"
        )

    def reached(self, cells: list[Any]) -> bool | None:
        """Whether the bound is kept; None without cells."""
        found = self._found(cells)
        return None if found is None else SENSES[self.sense](found, self.bound)

    def _found(self, cells):
        """The number that is compared with the bound; None without cells."""
        rows = self.row, self.minus or self.per
        own, other = (self._values(cells, row) for row in rows)
        if not own or (rows[1] and not other):
            return None
        lowest = self.sense.startswith("<")
        found = (min if lowest else max)(own) if self.best else float(np.mean(own))
        if self.per:
            return (found - self.floor) / (float(np.mean(other)) - self.floor)
        return found - float(np.mean(other)) if self.minus else found

    def _values(self, cells, row):
        return [
            cell.values[self.column]
            for cell in cells
            if cell.row == row and self.column in cell.values
        ]
