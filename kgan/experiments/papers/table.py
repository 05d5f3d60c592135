"""A table of a paper, measured cell by cell: one cell is a row and a seed."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        name: as the paper calls it.
        paper: column -> what the paper reports, as text; "" where it does not. Brackets
            after a number name what it was measured with, where that differs; the
            overview of all tables leaves such a number out.
        options: what `Table.measure` needs to tell this row from others.
        seeds: how many cells it has, where not as many as the table's other rows.
    """

    name: str
    paper: dict[str, Any]
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    seeds: int | None = None


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of a paper: what is measured, and how it is shown.

    Attributes:
        name: on the command line.
        title: what it is, with the paper.
        columns: name -> what shows a value of it, such as "{:.1f}".format.
        rows: of `Row`.
        measure: (row, seed, quick, folder, log) -> a dict, column -> number; a
            column that is left out does not apply. May leave work in `folder`
            (which it makes) and take it up again.
        departures: what differs from the published protocol, a line each.
        quick: what the quick version leaves out beyond that, a line each.
        seeds: how many cells a row has; 1 in the quick version.
        statistics: names of what is shown of a row's cells: "mean", "median",
            "best".
        ranked: whether a row's rank by its mean is shown in every column.
        lower: columns in which less is better, for "best".
        targets: of `Target`: what is aimed at here.
        says: cells -> what the numbers say in words, a line each; or None.
        draw: (table, cells, folder of their work, path) writes a picture; or None.
        folder: of images that it needs, by name, see `kgan.experiments.papers.folders`;
            "" for none.
        headline: (row, column) of the number that the overview of all tables shows; by
            default those of the first target.
    """

    name: str
    title: str
    columns: dict[str, Any]
    rows: tuple[Any, ...]
    measure: Callable[..., Any]
    departures: tuple[Any, ...]
    quick: tuple[Any, ...] = ()
    seeds: int = 1
    statistics: tuple[Any, ...] = ("mean",)
    ranked: bool = False
    lower: tuple[Any, ...] = ()
    targets: tuple[Any, ...] = ()
    says: Callable[..., list[str]] | None = None
    draw: Callable[..., Any] | None = None
    folder: str = ""
    headline: tuple[Any, ...] = ()

    @property
    def shown_first(self) -> tuple[Any, ...]:
        """Row and column of the number that the overview shows; () for none."""
        if self.headline or not self.targets:
            return self.headline
        return self.targets[0].row, self.targets[0].column


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one row and seed gave.

    Attributes:
        values: column -> number.
        seconds: it took, wall clock.
        version: of kgan.
        machine: that computed.
    """

    row: str
    seed: int
    values: dict[str, Any]
    seconds: float
    version: str
    machine: str


def summary(table, cells):
    """Returns a dict per row: what the paper reports, and what the cells measured."""
    values = {
        name: {row.name: _values(cells, row.name, name) for row in table.rows}
        for name in table.columns
    }
    found = []
    for row in table.rows:
        own = [cell for cell in cells if cell.row == row.name]
        told = {}
        for name, by_row in values.items():
            if by_row[row.name]:
                told[name] = _told(by_row[row.name], table, name)
                told[name] += _rank(by_row, row.name, table, name)
        found.append(
            {
                "row": row.name,
                "paper": row.paper,
                "measured": told,
                "seeds": len(own),
                "seconds": round(sum(cell.seconds for cell in own), 1),
            }
        )
    return found


def _values(cells, row, column):
    return [c.values[column] for c in cells if c.row == row and column in c.values]


def _rank(by_row, row, table, column):
    if not table.ranked:
        return ""
    sign = 1 if column in table.lower else -1
    means = {name: sign * np.mean(values) for name, values in by_row.items() if values}
    return f", rank {1 + sum(mean < means[row] for mean in means.values())}"


def standard_error(values):
    """Returns the standard error of the mean of two values or more."""
    return np.std(values, ddof=1) / len(values) ** 0.5


def _told(values, table, column):
    """The statistics of `values` as text: mean ± standard error, median, best."""
    show = table.columns[column]
    best = min if column in table.lower else max
    error = ""
    if len(values) > 1:
        error = f" ± {show(standard_error(values))}"
    every = {
        "mean": lambda: show(np.mean(values)) + error,
        "median": lambda: f"median {show(np.median(values))}",
        "best": lambda: f"best {show(best(values))}",
    }
    return ", ".join(every[name]() for name in table.statistics)


def page(plain: dict[str, Any], picture: str = "") -> str:
    """Returns the page of a table in Markdown, from what its JSON holds.

    Args:
        plain: what the JSON holds.
        picture: the place of its picture; "" for none.
    """
    columns = plain["columns"]
    heads = ["", *(f"{name}<br>paper · **measured**" for name in columns)]
    heads += ["seeds", "time"]
    lines = [f"# {plain['title']}", "", line(heads), line(["---"] * len(heads))]
    for row in plain["rows"]:
        told = [
            f"{row['paper'].get(n) or '–'} · **{row['measured'].get(n, '–')}**"
            for n in columns
        ]
        seconds = f"{row['seconds']:,.0f} s" if row["seeds"] else "not yet"
        lines.append(line([row["row"], *told, row["seeds"], seconds]))
    if picture:
        lines += ["", f"![{plain['title']}]({picture})"]
    if plain["says"]:
        lines += ["", "## What it says", "", *(f"- {told}." for told in plain["says"])]
    if plain["targets"]:
        lines += ["", "## Goals", "", *(f"- {t}." for t in plain["targets"])]
    lines += ["", "## What differs from the published protocol", ""]
    lines += [f"- {note}" for note in plain["departures"]]
    quick = " --quick" if plain["quick"] else ""
    command = f"bin/reproduce_paper --table={plain['table']}{quick}"
    machines = sorted({cell["machine"] for cell in plain["cells"]})
    lines += ["", "## How it was measured", "", "```sh", command, "```"]
    lines += [line for machine in machines for line in ("", f"Machine: {machine}.")]
    return "\n".join(lines) + "\n"


def line(cells: Iterable) -> str:
    """Returns a line of a table in Markdown."""
    return f"| {' | '.join(map(str, cells))} |"


def slug(name):
    """Returns `name` in a form that can be a part of a file's name."""
    return "".join(c if c.isalnum() or c in "-." else "_" for c in name)
