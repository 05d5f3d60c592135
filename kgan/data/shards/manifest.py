"""The manifest of shards, OUT/shards.json, and the columns next to the pictures."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from kgan.data.attributes import Attribute
from kgan.data.dataset import Dataset, Field
from kgan.data.shards.array import AGAIN, ENCODINGS, File, ShardedArray, damaged
from kgan.errors import UserError
from kgan.files import replacing, write_text

NAME = "shards.json"
SUFFIX = ".array_record"
FORMAT, VERSION = "kgan shards", 1
FOREIGN = (SUFFIX, ".arrayrecord", ".tfrecord")  # what others call files of records


def is_shards(folder: Path) -> bool:
    """Whether a folder holds shards, or files of records that might be taken for some."""
    if (folder / NAME).exists():
        return True
    foreign = (one for one in FOREIGN for _ in folder.glob(f"*{one}*"))
    return next(foreign, None) is not None


def read(folder: Path, whole: bool = True) -> dict[str, Any]:
    """Returns the manifest of a folder.

    Args:
        folder: that `kgan.data.shards.prepare` wrote.
        whole: whether a preparation that did not come to its end is refused.

    Raises:
        UserError: there is none, or it is damaged, of another version or not whole.
    """
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        kind, version = found["format"], found["version"]
    except FileNotFoundError:
        raise UserError(
            folder,
            f"holds files of records but no {NAME}: bin/prepare_data did not write them",
            "give the whole folder that it wrote, or a folder of images",
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise damaged(path, error) from error
    if (kind, version) != (FORMAT, VERSION):
        raise UserError(
            path,
            f"is of the format {kind} {version}, and this kgan reads {FORMAT} {VERSION}",
            "prepare the data again into another folder",
        )
    if whole and not found.get("splits"):
        raise UserError(
            folder,
            "was not prepared to its end",
            "run the same bin/prepare_data again, which goes on",
        )
    return found


def write(
    folder: Path, asked: dict[str, Any], splits: dict[str, Any] | None = None
) -> None:
    """Writes the manifest.

    Args:
        folder: of the shards.
        asked: what they are made of, as plain values.
        splits: name -> what `described` returns; None before they are whole.
    """
    plain = {"format": FORMAT, "version": VERSION, "asked": asked, "splits": splits}
    write_text(folder / NAME, json.dumps(plain, indent=1) + "\n")


def described(data: Dataset, folder: Path) -> dict[str, Any]:
    """Writes the columns of a data set and returns what the manifest says about it.

    Args:
        data: a `Dataset` of one group whose field "real" is a `ShardedArray`.
        folder: of the split.
    """
    (group,) = data.groups
    real = group["real"]
    columns = {name: array for name, array in group.items() if name != "real"}
    attributes = list(data.attributes.items())
    return {
        "name": data.name,
        "number": len(data),
        "classes": list(data.classes),
        "fields": {name: field.plain() for name, field in data.fields.items()},
        "levels": {name: list(ends) for name, ends in data.levels.items()},
        "left_out": list(data.left_out),
        "encoding": real.encoding,
        "digest": real.digest,
        "files": [
            {"name": one.path.name, "rows": one.rows, "bytes": one.path.stat().st_size}
            for one in real.files
        ],
        "columns": {k: _saved(folder, k, array) for k, array in columns.items()},
        "alternatives": {
            name: _saved(folder, f"{name}-all", array)
            for name, array in data.alternatives.items()
        },
        "attributes": {
            name: {"options": list(one.options)}
            | _saved(folder, f"attribute-{number}", one.values)
            for number, (name, one) in enumerate(attributes)
        },
    }


def dataset(folder: Path, plain: dict[str, Any]) -> Dataset:
    """Returns the `Dataset` that `described` described; pictures are not read.

    Raises:
        UserError: a file is missing or damaged, or the manifest is.
    """
    try:
        fields = {name: Field.from_plain(one) for name, one in plain["fields"].items()}
        files = [File(folder / one["name"], one["rows"]) for one in plain["files"]]
        for file, one in zip(files, plain["files"], strict=True):
            _check(file.path, one["bytes"])
        real = ShardedArray(
            files, fields["real"].shape, plain["encoding"], plain["digest"]
        )
        if plain["encoding"] not in ENCODINGS or len(real) != plain["number"]:
            raise ValueError("numbers that do not fit")
        columns = {k: _loaded(folder, one) for k, one in plain["columns"].items()}
        several = {k: _loaded(folder, one) for k, one in plain["alternatives"].items()}
        return Dataset(
            plain["name"],
            fields,
            ({"real": real} | columns,),
            tuple(plain["classes"]),
            left_out=tuple(plain["left_out"]),
            levels={name: tuple(ends) for name, ends in plain["levels"].items()},
            attributes={
                name: Attribute(tuple(one["options"]), _loaded(folder, one))
                for name, one in plain["attributes"].items()
            },
            alternatives=several,
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise damaged(folder.parent / NAME, error) from error


def _check(path, size):
    try:
        found = path.stat().st_size
    except OSError as error:
        raise UserError(
            path, f"is missing ({error.strerror})", AGAIN, exit_code=1
        ) from error
    if found != size:
        raise damaged(path, f"{found:,} of {size:,} bytes")


def _saved(folder, name, array):
    """Writes a column; returns its entry in the manifest."""
    path = folder / f"{name}.npy"
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.save(file, np.ascontiguousarray(array))
    return {"file": path.name, "column_digest": _digest(path)}


def _loaded(folder, entry):
    """A column, memory-mapped."""
    path = folder / entry["file"]
    try:
        if _digest(path) != entry["column_digest"]:
            raise damaged(path, "its content has changed")
        return np.load(path, mmap_mode="r")
    except FileNotFoundError as error:
        raise UserError(path, "is missing", AGAIN, exit_code=1) from error


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
