"""The plan of a translation: the files to read, and the place of each result."""

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kgan.data.decoding import threads
from kgan.data.decoding.formats import SUFFIXES_OF
from kgan.data.decoding.levels import find_levels
from kgan.data.sources.listing import Listing, of_several
from kgan.errors import UserError, few, printable
from kgan.typing import Log

OF_PICTURES = {suffix for known in SUFFIXES_OF.values() for suffix in known}


class Plan(NamedTuple):
    """The pictures of a translation and the places of their results.

    Attributes:
        pairs: (the picture to read, the PNG to write), two paths each.
        lines: for the user, about files that are not read, or not as a whole.
    """

    pairs: list[tuple[Path, Path]]
    lines: list[str]


def plan(inputs: Sequence[str], out: Path, overwrite: bool = False) -> Plan:
    """Returns the `Plan` of a translation.

    Args:
        inputs: files, folders and patterns, as texts. Of a folder all pictures are
            taken, also those in its folders.
        out: path of the result of one file, or of the folder for the results. A folder
            that is there is one whatever its name.
        overwrite: whether results may replace files.

    Raises:
        UserError: no such pictures, or results that cannot be written there.
    """
    found, lines, given_folder = [], [], False
    for name in inputs:
        path = Path(name).expanduser()
        paths = [path] if path.exists() else map(Path, sorted(glob.glob(str(path))))
        before = len(found)
        for one in paths:
            given_folder = given_folder or one.is_dir()
            found += _pictures(one, lines) if one.is_dir() else [(one, one.name)]
        if len(found) == before:
            raise UserError(name, "no such picture, nor a folder with any", few(lines))
    to_folder = given_folder or len(found) > 1
    if _is_folder(out, to_folder):
        pairs = [(file, out / Path(name).with_suffix(".png")) for file, name in found]
    else:
        pairs = [(found[0][0], out)]
    _check([made for _, made in pairs], overwrite)
    return Plan(pairs, lines)


def _pictures(folder, lines):
    """Pairs of a picture in a folder and its name there; adds lines about the others."""
    listing = Listing.of(folder)
    lines += [f"{printable(str(folder))}: {line}" for line in listing.told()]
    return [(folder.joinpath(*parts), os.path.join(*parts)) for parts in listing.files]


def _is_folder(out, several):
    """Whether results go into a folder `out`; raises UserError if they cannot."""
    if out.is_dir():
        return True
    named = out.suffix.lower() in OF_PICTURES
    if several and (named or out.exists()):
        raise UserError(out, "several pictures need a folder")
    if out.exists() and not named:
        raise UserError(out, "is a file", "give a folder, or a name that ends in .png")
    if named and out.suffix.lower() != ".png":
        raise UserError(out, "results are PNG", "name it .png")
    return not named


def _check(outs, overwrite):
    seen = set()
    for made in outs:
        if made in seen:
            raise UserError(made, "two of the pictures would become this one")
        seen.add(made)
        if made.exists() and not overwrite:
            raise UserError(made, "is there already", "`overwrite` replaces it")


def look(
    files: Sequence[Path], levels: Sequence[float], log: Log
) -> tuple[float, ...] | None:
    """Reads the headers of the pictures, and returns the levels of deep ones.

    Args:
        files: paths.
        levels: as `find_levels` takes them: those that the training had.
        log: called with a line about files of several pictures, and about levels.
    """
    headers = threads.read_headers(files, len(files))
    known = [
        (file, header)
        for file, header in zip(files, headers, strict=True)
        if not isinstance(header, str)
    ]
    several = [printable(str(file)) for file, header in known if header.several]
    if several:
        log(of_several(several))
    deep = [file for file, header in known if header.deep]
    return find_levels(
        lambda: threads.read_spans(deep, len(deep)), len(deep), len(files), levels, log
    )
