"""Tables of what pictures of a folder show: captions and attributes, a row per file.

captions.csv, metadata.csv    columns file, caption; all others are attributes
metadata.jsonl                an object a line, as Hugging Face's image folders have it
train.csv                     the same next to the folder train
1.txt                         captions of 1.png, one a line
"""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kgan.data.kinds.tokens import readable
from kgan.data.sources.listing import Listing, Parts
from kgan.errors import UserError, few

FILES = ("captions.csv", "metadata.csv", "metadata.jsonl")
OF_FILE = ("file", "file_name")  # names of the column with the file
OF_CAPTION = ("caption", "text")
DELIMITERS = ",;\t"


class Row(NamedTuple):
    """The entry of one file in a table.

    Attributes:
        file: its path, as the table has it.
        captions: texts.
        attributes: name -> text.
    """

    file: str
    captions: tuple[Any, ...]
    attributes: dict[str, Any]


class Table(NamedTuple):
    """The table of a folder.

    Attributes:
        path: its file; of texts next to the pictures, their folder.
        rows: of `Row`, in their order.
        name: what the messages call it.
        files: those that it is made of, which are no pictures.
    """

    path: Path
    rows: list[Row]
    name: str
    files: tuple[Parts, ...]


def find(listing: Listing) -> Table | None:
    """Returns the table of the pictures of a listing; None where there is none.

    It is looked for in the folder of the pictures and above it, up to the root.

    Raises:
        UserError: two of them in one folder, or one that cannot be read.
    """
    folder, below = listing.folder, ""
    while True:
        names = [*FILES, f"{below}.csv"] if below else FILES
        there = [name for name in names if (folder / name).is_file()]
        if len(there) > 1:
            raise UserError(
                folder, f"holds {' and '.join(there)}", "keep the one that is meant"
            )
        if there:
            return _read(folder / there[0], listing.root)
        if folder == listing.root:
            return _texts(listing)
        folder, below = folder.parent, folder.name


def _read(path, root):
    lines = _of_json if path.suffix == ".jsonl" else _of_csv
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = [_row(path, *one) for one in lines(path, file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(path, f"cannot be read ({reason})", exit_code=1) from error
    if not rows:
        raise UserError(path, "has no row", "write one for each picture", exit_code=1)
    files = (path.relative_to(root).parts,)
    return Table(path, rows, os.path.relpath(path, root), files)


def _of_csv(path, file) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (number of the line, values by the names of the columns)."""
    first = file.readline()
    delimiter = max(DELIMITERS, key=first.count)
    file.seek(0)
    reader = csv.DictReader(file, delimiter=delimiter, strict=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(
            path,
            f"has several columns called {few(twice)}",
            "name each otherwise; several captions of a file are a row each",
            exit_code=1,
        )
    if not set(names) & set(OF_FILE):
        there = few(names) or "none"
        raise UserError(path, f"has no column file; there are {there}", exit_code=1)
    for row in reader:
        if None in row or None in row.values():
            raise UserError(
                path,
                f"line {reader.line_num} has another number of values than the "
                f"{len(names)} columns",
                "a value with a comma stands between double quotes",
                exit_code=1,
            )
        yield reader.line_num, row


def _of_json(path, file):
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UserError(path, f"line {number} is no JSON object", exit_code=1)
        yield number, found


def _row(path, number, values):
    """The `Row` of values by name."""
    values = {name: value for name, value in values.items() if value is not None}
    file = next((values.pop(name) for name in OF_FILE if name in values), None)
    if not isinstance(file, str):
        raise UserError(path, f"line {number} names no file", exit_code=1)
    given: Any = next((values.pop(name) for name in OF_CAPTION if name in values), [])
    captions = given if isinstance(given, list) else [given]
    if not all(isinstance(one, str | int | float) for one in captions):
        raise UserError(
            path, f"line {number} has a caption that is no text", exit_code=1
        )
    attributes = {
        name: readable(str(value)).strip()
        for name, value in values.items()
        if isinstance(value, str | int | float)
    }
    return Row(
        readable(file), tuple(readable(str(one)) for one in captions), attributes
    )


def _texts(listing):
    """The table of the files .txt that have the name of a picture."""
    others = [one for one in listing.others if one[-1].lower().endswith(".txt")]
    texts = {_stem(one): one for one in others}
    rows, used = [], []
    for file in listing.files:
        if _stem(file) in texts:
            used.append(texts[_stem(file)])
            path = listing.root.joinpath(*used[-1])
            try:
                lines = path.read_text(encoding="utf-8-sig").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise UserError(path, "is no text in UTF-8", exit_code=1) from error
            captions = tuple(line for line in lines if line.strip()) or ("",)
            rows.append(Row("/".join(file), captions, {}))
    name = ".txt next to the pictures"
    return Table(listing.root, rows, name, tuple(used)) if rows else None


def _stem(file):
    """The parts of a file's path, without its suffix."""
    return (*file[:-1], os.path.splitext(file[-1])[0])
