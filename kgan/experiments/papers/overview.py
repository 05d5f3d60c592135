"""The overview of all tables: a line each, written into a text between marks."""

import json
import os
import pathlib

from kgan.errors import UserError
from kgan.experiments.papers.table import line

BEGIN, END = "<!-- reproductions -->", "<!-- end of reproductions -->"
HEADS = "table", "number", "paper", "kgan", "goals reached"
MEASURED = HEADS.index("kgan")
NONE = "–"


def embed(path: pathlib.Path, out: pathlib.Path) -> str:
    """Returns a text with the overview of the tables in a folder between its marks.

    Args:
        path: of the text; the links to the pages are relative to it.
        out: the folder of the tables' JSON and pages.

    Raises:
        UserError: the text has no such marks.
    """
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or END not in text.split(BEGIN)[1]:
        raise UserError(path, f"has no {BEGIN} followed by {END}")
    before, rest = text.split(BEGIN)
    after = rest.split(END, 1)[1]
    place = pathlib.PurePath(os.path.relpath(out, path.parent)).as_posix()
    return f"{before}{BEGIN}\n{overview(out, place)}{END}{after}"


def overview(out: pathlib.Path, place: str) -> str:
    """Returns a table in Markdown with a line for each JSON in the folder `out`.

    One whose first result is not measured yet has none.

    Args:
        out: the folder.
        place: of that folder, in the links to the pages.
    """
    lines = [line(HEADS), line(["---"] * len(HEADS))]
    for path in sorted(out.glob("*.json")):
        plain = json.loads(path.read_text(encoding="utf-8"))
        cells = plain["headline"] and _cells(plain, f"{place}/{path.stem}.md")
        if cells and cells[MEASURED] != NONE:
            lines.append(line(cells))
    return "\n".join(lines) + "\n"


def _cells(plain, place):
    name, column = plain["headline"]
    row = next(row for row in plain["rows"] if row["row"] == name)
    reached, goals = plain["reached"]
    paper = row["paper"].get(column)
    return [
        f"[{plain['title']}]({place})",
        f"{name}: {column}",
        NONE if not paper or "(" in paper else paper,  # of another protocol
        row["measured"].get(column, NONE),
        f"{reached} of {goals}" if goals else NONE,
    ]
