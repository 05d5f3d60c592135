"""Lines of text of a file."""

import os
from pathlib import Path

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.kinds.lines import Lines, parted
from kgan.data.sources.arrays import one_group
from kgan.errors import UserError
from kgan.typing import Log, PathLike

SUFFIX = ".txt"
MOST_LENGTH = 32  # symbols of a line: a network writes them one after the other
HELD_OUT = 10  # of so many lines one is not trained on
UNITS = ("characters", "words")


def is_lines(dataset: PathLike) -> bool:
    """Whether a data set is the path of a file of lines."""
    return os.fspath(dataset).lower().endswith(SUFFIX)


def load_lines(path: PathLike, split: str, units: str, log: Log) -> Dataset:
    """Loads the lines of a text file in UTF-8; every tenth line is held out, "test".

    Empty lines are passed over. Lines that are too long, or with words that are too
    rare, are left out, and the log says how many.

    Args:
        path: of the file.
        split: "train" or "test".
        units: "characters" or "words".
        log: called with a line about what is left out.

    Raises:
        UserError: there is no such file, or nothing in it that can be used.
    """
    if split not in ("train", "test"):
        raise UserError(f"split={split}", f"{path} has the splits train and test")
    characters = units == "characters"
    texts = _read(Path(path).expanduser())
    sizes = map(len, parted(texts, characters))
    short = [t for t, size in zip(texts, sizes, strict=True) if 0 < size <= MOST_LENGTH]
    if len(short) < 2 * HELD_OUT:
        raise UserError(
            path,
            f"has {len(short)} lines of 1 to {MOST_LENGTH} {units}",
            f"{2 * HELD_OUT} are the least",
        )
    train = [t for number, t in enumerate(short, 1) if number % HELD_OUT]
    # Also where only a line that is held out has another length.
    several = len({*map(len, parted(short, characters))}) > 1
    kind = Lines.fitted(train, characters, several)
    known = [t for t in short if kind.knows(t)]
    _tell(path, texts, short, known, units, log)
    data = of_texts(known, kind, Path(path).stem)
    return data if split == "train" else data.held_out or data


def of_texts(texts: list[str], kind: Lines, name: str) -> Dataset:
    """Returns a `Dataset` of lines, of which every tenth is held out."""
    length = max(map(len, parted(texts, kind.characters)))
    ids = kind.encode(texts, length)
    held = np.arange(1, len(ids) + 1) % HELD_OUT == 0
    kept = one_group(name, {"real": (ids[held], kind)})
    return one_group(name, {"real": (ids[~held], kind)}, held_out=kept)


def _read(path):
    if not path.is_file():
        raise UserError(
            path, "is no file that is there", "give a text file, a line each"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(path, f"is no text in UTF-8 ({error.reason})") from error
    except OSError as error:
        raise UserError(path, f"cannot be read ({error.strerror})") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tell(path, texts, short, known, units, log):
    for count, why in (
        (len(texts) - len(short), f"longer than {MOST_LENGTH} {units}"),
        (len(short) - len(known), f"with {units} that are too rare"),
    ):
        if count:
            log(f"{path}: {count:,} of {len(texts):,} lines are left out, {why}")
