"""Measures the cells of a table, saves each at once, and writes the table."""

import dataclasses
import json
import math
import os
import pathlib
import time

import kgan
from kgan.errors import UserError
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.table import Cell, markdown, slug, summary
from kgan.files import write_text
from kgan.training.environment import machine

BEGIN, END = "<!-- reproductions -->", "<!-- end of reproductions -->"


def reproduce(table, out, *, quick=False, budget_minutes=0.0, log=print):
    """Measures what is missing; writes OUT/NAME.json, .md and .png.

    The JSON holds every cell, and is written anew after each: a run that was
    interrupted loses the cell that it was measuring.

    Args:
        table: a `Table`.
        out: a folder; what a measurement leaves lies in OUT/work/NAME.
        budget_minutes: no cell is begun after so long; 0 is no bound.
        log: called with a line for each cell.

    Returns:
        The table as Markdown, which is what the .md holds.

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
    plain = _plain(table, cells, quick)
    text = markdown(plain)
    if cells:
        _keep(path, plain)  # what the table says of the cells may have changed
        write_text(out / f"{name}.md", text)
    if cells and table.draw and work.exists():
        table.draw(table, cells, work, out / f"{name}.png")
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
    notes = [*table.departures, *(table.quick if quick else ())]
    return {
        "table": table.name,
        "title": table.title,
        "quick": quick,
        "columns": list(table.columns),
        "rows": summary(table, cells),
        "targets": [line for line in told if line],
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


def embed(readme, out):
    """A README's text with every table and picture of the folder `out` in its marks.

    Args:
        readme: its path, to which the pictures' places are relative.

    Raises:
        UserError: it has no such marks.
    """
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or END not in text.split(BEGIN)[1]:
        raise UserError(readme, f"has no {BEGIN} followed by {END}")
    before, rest = text.split(BEGIN)
    after = rest.split(END, 1)[1]
    tables = "\n".join(
        _with_picture(p, readme.parent) for p in sorted(out.glob("*.json"))
    )
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


def _with_picture(path, folder):
    plain = json.loads(path.read_text(encoding="utf-8"))
    picture = path.with_suffix(".png")
    if not picture.exists():
        return markdown(plain)
    place = pathlib.PurePath(os.path.relpath(picture, folder)).as_posix()
    return f"{markdown(plain)}\n![{plain['title']}]({place})\n"
