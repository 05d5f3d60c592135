"""A table of a paper, measured cell by cell: one cell is a row and a seed."""

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import kgan
from kgan.computing import machine
from kgan.errors import UserError
from kgan.files import write_text


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        name: as the paper calls it.
        paper: column -> what the paper reports, as text; "" where it does not.
        options: what `Table.measure` needs to tell this row from others.
    """

    name: str
    paper: dict
    options: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Table:
    """What is measured and how it is shown.

    Attributes:
        name: on the command line.
        title: what it is, with the paper.
        columns: name -> what shows a value of it, such as "{:.1f}".format.
        rows: of `Row`.
        measure: (row, seed, quick, folder, say) -> a dict, column -> number; a
            column that is left out does not apply. May leave work in `folder`
            (which it makes) and take it up again.
        departures: what differs from the published protocol, a line each.
        quick: what the quick version leaves out beyond that, a line each.
        seeds: how many cells a row has; 1 in the quick version.
        statistics: names of what is shown of a row's cells: "mean", "median",
            "best".
        better: "higher" or "lower", for "best".
        draw: (table, folder of the cells' work, path) writes a picture; or None.
    """

    name: str
    title: str
    columns: dict
    rows: tuple
    measure: Callable
    departures: tuple
    quick: tuple = ()
    seeds: int = 1
    statistics: tuple = ("mean",)
    better: str = "higher"
    draw: Callable | None = None


@dataclasses.dataclass(frozen=True)
class Cell:
    """What one row and seed gave.

    Attributes:
        values: column -> number.
        seconds: it took, wall clock.
        version: of kgan.
    """

    row: str
    seed: int
    quick: bool
    values: dict
    seconds: float
    version: str

    @classmethod
    def read(cls, path):
        """Raises UserError: the file is damaged."""
        try:
            cell = cls(**json.loads(path.read_text(encoding="utf-8")))
            values = {name: float(value) for name, value in cell.values.items()}
            return dataclasses.replace(cell, values=values, seconds=float(cell.seconds))
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(f"{path}: damaged ({error}); remove it", 1) from error


def reproduce(table, out, *, quick=False, budget_minutes=0.0, say=print):
    """Measures the cells that are not there yet; returns all that are.

    Args:
        table: a `Table`.
        out: a folder; cells lie in OUT/NAME, and in OUT/NAME-quick.
        budget_minutes: no cell is begun after so long; 0 is no bound.
        say: told of each cell.
    """
    folder = Path(out) / (f"{table.name}-quick" if quick else table.name)
    began, cells = time.monotonic(), []
    for seed in range(1 if quick else table.seeds):  # every row once, then again
        for row in table.rows:
            path = folder / "cells" / f"{slug(row.name)}-{seed}.json"
            if path.exists():
                cells.append(Cell.read(path))
                continue
            if budget_minutes and time.monotonic() - began > 60 * budget_minutes:
                say(
                    f"{table.name}: {budget_minutes:g} minutes are over; the rest waits"
                )
                return cells
            cells.append(_measured(table, row, seed, quick, folder, path, say))
    return cells


def _measured(table, row, seed, quick, folder, path, say):
    path.parent.mkdir(parents=True, exist_ok=True)
    before = time.monotonic()
    place = folder / "work" / path.stem
    values = table.measure(row, seed, quick, place, say)
    values = {name: float(value) for name, value in values.items()}
    seconds = round(time.monotonic() - before, 1)
    cell = Cell(row.name, seed, quick, values, seconds, kgan.__version__)
    write_text(path, json.dumps(dataclasses.asdict(cell), indent=2) + "\n")
    shown = ", ".join(f"{n} {table.columns[n](v)}" for n, v in values.items())
    say(f"{table.name}: {row.name}, seed {seed}: {shown} ({seconds:.0f} s)")
    return cell


def report(table, out, *, quick=False, budget_minutes=0.0, say=print):
    """Measures what is missing and writes OUT/NAME.json, .md and .png.

    Returns:
        The table as Markdown, which is what the .md holds.
    """
    cells = reproduce(table, out, quick=quick, budget_minutes=budget_minutes, say=say)
    name = f"{table.name}-quick" if quick else table.name
    rows = summary(table, cells)
    plain = {
        "table": table.name,
        "quick": quick,
        "rows": rows,
        "cells": [dataclasses.asdict(cell) for cell in cells],
        "machine": machine(),
    }
    text = markdown(table, rows, quick)
    write_text(Path(out) / f"{name}.json", json.dumps(plain, indent=1) + "\n")
    write_text(Path(out) / f"{name}.md", text)
    if table.draw and cells:
        table.draw(table, Path(out) / name / "work", Path(out) / f"{name}.png")
    return text


def summary(table, cells):
    """What the cells say together, as plain values: a list with a dict per row."""
    found = []
    for row in table.rows:
        own = [cell for cell in cells if cell.row == row.name]
        columns = {
            name: _statistics([c.values[name] for c in own if name in c.values], table)
            for name in table.columns
        }
        found.append(
            {
                "row": row.name,
                "paper": row.paper,
                "measured": {name: told for name, told in columns.items() if told},
                "seeds": len(own),
                "seconds": round(sum(cell.seconds for cell in own), 1),
            }
        )
    return found


def _statistics(values, table):
    if not values:
        return {}
    best = max if table.better == "higher" else min
    deviation = np.std(values, ddof=1) / len(values) ** 0.5 if values[1:] else None
    every = {
        "mean": float(np.mean(values)),
        "median": float(np.median(values)),
        "best": float(best(values)),
    }
    error = None if deviation is None else float(deviation)
    return {n: every[n] for n in table.statistics} | {"standard_error": error}


def markdown(table, rows, quick):
    """The table as Markdown: paper | measured, column by column, and what differs."""
    heads = [
        "",
        *(f"{c} (paper)<br>**measured**" for c in table.columns),
        "seeds",
        "time",
    ]
    lines = [f"**{table.title}**", "", _line(heads), _line(["---"] * len(heads))]
    for row in rows:
        cells = [
            f"{row['paper'].get(name) or '–'}<br>**{_shown(row, name, show)}**"
            for name, show in table.columns.items()
        ]
        lines.append(
            _line([row["row"], *cells, row["seeds"], f"{row['seconds']:.0f} s"])
        )
    notes = [*table.departures, *(table.quick if quick else ())]
    lines += ["", "What differs from the published protocol:", ""]
    return "\n".join([*lines, *(f"- {note}" for note in notes)]) + "\n"


def _shown(row, name, show):
    told = row["measured"].get(name)
    if not told:
        return "–"
    error = told["standard_error"]
    spread = "" if error is None else f" ± {show(error)}"
    parts = []
    for kind in ("mean", "median", "best"):
        if kind in told:
            label = "" if kind == "mean" else f"{kind} "
            parts.append(label + show(told[kind]) + spread * (kind == "mean"))
    return ", ".join(parts)


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"


def slug(name):
    """`name` as a part of a file's name."""
    return "".join(c if c.isalnum() or c in "-." else "_" for c in name)
