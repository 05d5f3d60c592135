"""Measures the cells of a table, saves each at once, and writes the table."""

import dataclasses
import json
import math
import pathlib
import time

import kgan
from kgan.errors import UserError
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.table import Cell, Table, page, slug, summary
from kgan.files import write_text
from kgan.training.environment import machine


def reproduce(table, out, *, quick=False, budget_minutes=0.0, log=print):
    """Measures what is missing; writes OUT/NAME.json, .md and .png.

    The JSON holds every cell, and is written anew after each: a run that was
    interrupted loses the cell that it was measuring.

    Args:
        table: a `Table`.
        out: a folder; what a measurement leaves lies in OUT/work/NAME.
        quick: fewer seeds and steps: a table in under 3 minutes.
        budget_minutes: no cell is begun after so long; 0 is no bound.
        log: called with a line for each cell.

    Returns:
        The page in Markdown, which is what the .md holds.

    Raises:
        Lacking: cells are missing, and the folder of images that they need.
    """
    out = pathlib.Path(out)
    name = f"{table.name}-quick" if quick else table.name
    path, work = out / f"{name}.json", out / "work" / name
    cells, began = cells_of(path), time.monotonic()
    missing = list(_missing(table, cells, quick))
    if missing and table.folder:
        find(table.folder, table.name)
    for row, seed in missing:
        if budget_minutes and time.monotonic() - began > 60 * budget_minutes:
            log(f"{name}: {budget_minutes:g} minutes are over; the rest waits")
            break
        cells.append(_measured(table, row, seed, quick, work, log))
        _keep(path, _plain(table, cells, quick))
    if cells and table.draw and work.exists():
        table.draw(table, cells, work, path.with_suffix(".png"))
    return _write(path, _plain(table, cells, quick))


def rewrite(table: Table, out: pathlib.Path | str) -> None:
    """Writes the JSON and the page of a table anew from its cells, without measuring.

    Does nothing for a table that has no cells in the folder `out`.
    """
    path = pathlib.Path(out) / f"{table.name}.json"
    _write(path, _plain(table, cells_of(path), quick=False))


def _write(path, plain):
    """Writes a table's JSON and page, if it has cells; returns the page."""
    picture = path.with_suffix(".png")
    text = page(plain, picture.name if picture.exists() else "")
    if plain["cells"]:
        _keep(path, plain)
        write_text(path.with_suffix(".md"), text)
    return text


def _keep(path, plain):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(plain, indent=1) + "\n")


def _missing(table, cells, quick):
    """The cells that are not there: every row once, then again."""
    done = {(cell.row, cell.seed) for cell in cells}
    for seed in range(max(row.seeds or table.seeds for row in table.rows)):
        for row in table.rows:
            wanted = 1 if quick else row.seeds or table.seeds
            if seed < wanted and (row.name, seed) not in done:
                yield row, seed


def _measured(table, row, seed, quick, work, log):
    before = time.monotonic()
    found = table.measure(row, seed, quick, work / f"{slug(row.name)}-{seed}", log)
    # What is no number applies to no column.
    values = {k: float(v) for k, v in found.items() if math.isfinite(v)}
    seconds = round(time.monotonic() - before, 1)
    shown = ", ".join(f"{n} {table.columns[n](v)}" for n, v in values.items())
    log(f"{table.name}: {row.name}, seed {seed}: {shown} ({seconds:.0f} s)")
    return Cell(row.name, seed, values, seconds, kgan.__version__, machine())


def _plain(table, cells, quick):
    targets = () if quick else table.targets
    told = [t.told(cells, table.columns[t.column]) for t in targets]
    kept = [t.reached(cells) for t in targets]
    notes = [*table.departures, *(table.quick if quick else ())]
    return {
        "table": table.name,
        "title": table.title,
        "quick": quick,
        "columns": list(table.columns),
        "rows": summary(table, cells),
        "headline": list(table.shown_first),
        "says": table.says(cells) if table.says and not quick else [],
        "targets": [line for line in told if line],
        "reached": [kept.count(True), len(kept) - kept.count(None)],
        "departures": notes,
        "cells": [dataclasses.asdict(cell) for cell in cells],
    }


def cells_of(path):
    """The cells that a JSON holds, [] where there is no file.

    Raises:
        UserError: it is damaged.
    """
    if not path.exists():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["cells"]
        cells = [Cell(**cell) for cell in found]
        numbers = [{k: float(v) for k, v in cell.values.items()} for cell in cells]
        return [
            dataclasses.replace(cell, values=values, seconds=float(cell.seconds))
            for cell, values in zip(cells, numbers, strict=True)
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            path, f"damaged ({error})", "move it away", exit_code=1
        ) from error
