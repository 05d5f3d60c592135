"""Preparation of shards: decodes a data set once, into files that a training reads."""

import contextlib
import dataclasses
import functools
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import filelock

from kgan.data.dataset import Dataset
from kgan.data.decoding.size import Shape
from kgan.data.shards import manifest
from kgan.data.shards.array import ENCODINGS
from kgan.data.shards.storage import ShardStorage
from kgan.data.sources.captions import Asked
from kgan.data.sources.classes import numbered_as
from kgan.data.sources.lines import is_lines
from kgan.data.sources.loading import BUILT_IN, other_split, read
from kgan.data.sources.places import is_folder
from kgan.data.sources.shards import place_of_shards
from kgan.data.sources.splits import SPELLINGS
from kgan.errors import UserError, few, printable
from kgan.files import sweep, writing
from kgan.sizes import Size, SizeLike
from kgan.typing import Log, PathLike

LOCK = ".lock"


def prepare(
    dataset: PathLike,
    out: PathLike,
    *,
    split: str = "train",
    image_size: SizeLike = 0,
    fit: str = "crop",
    channels: int = 0,
    levels: Sequence[float] = (),
    captions: bool = False,
    attributes: bool = False,
    encoding: str = "raw",
    data_dir: PathLike | None = None,
    download: bool = False,
    log: Log = print,
) -> Path:
    """Writes a data set into shards, which a training reads without loading them.

    The part to learn from is written, and the one that `kgan.data.load_held_out` would
    find. A preparation that was interrupted goes on; one that came to its end is checked,
    file by file, and mended.

    Args:
        dataset: a folder of images, or the name of a TFDS set, as `kgan.data.load` takes
            them.
        out: the folder that receives the shards; nothing else may be in it.
        split: the part to learn from.
        image_size: as `load` takes it.
        fit: as `load` takes it.
        channels: as `load` takes it.
        levels: as `load` takes it.
        captions: write the captions and attributes of the folder's table as well;
            pictures without a caption are left out, as in a training with captions.
        attributes: the same for attributes alone.
        encoding: "raw" pixels, or "png", which takes less room and more time to read,
            and gives the same pixels.
        data_dir: as `load` takes it.
        download: as `load` takes it.
        log: called with each line that is meant for the user.

    Returns: the path of `out`.

    Raises:
        UserError: an argument, the data set or its files cannot be used, or `out` holds
            something else.

    Example:
        kgan.data.prepare("path/to/folder", "photos-shards", image_size=64)
        kgan.train("dcgan", dataset="photos-shards")
    """
    name = os.fspath(dataset)
    _check(name, encoding)
    shape = Shape.of(image_size, channels, fit)
    wanted = Asked(captions, attributes)
    asked = _asked(name, split, shape, levels, wanted) | {"encoding": encoding}
    tfds = {"data_dir": data_dir, "download": download}
    # Before anything is written: there may be no such data.
    other = other_split(name, split, **tfds, log=log)
    with _claimed(Path(out).expanduser(), asked) as folder:
        writer = _Writer(folder, asked, log)
        data = writer.written(name, split, shape, tfds, levels, wanted)
        if other:
            *size, depth = data.spec.shape
            like = Asked(captions, attributes, data)
            alike = Shape(Size(*size), depth, fit)
            ends = data.levels.get("real", ())
            writer.written(name, other, alike, tfds, ends, like)
        manifest.write(folder, asked, writer.splits)
    return folder


def _asked(name, split, shape, levels, wanted):
    """What the manifest says about where the shards come from."""
    return {
        "dataset": os.path.abspath(Path(name).expanduser())
        if is_folder(name)
        else name,
        "split": split,
        "image_size": str(shape.size),
        "fit": shape.fit,
        "channels": shape.channels,
        "range": list(levels),
        "captions": wanted.captions,
        "attributes": wanted.attributes,
    }


def _check(name, encoding):
    if encoding not in ENCODINGS:
        raise UserError(f"encoding={encoding}", f"there are {', '.join(ENCODINGS)}")
    if name in BUILT_IN:
        raise UserError(
            f"dataset={name}", "fits into memory", "train on it as it is, by its name"
        )
    if is_lines(name):
        raise UserError(
            f"dataset={name}",
            "holds lines of text, no pictures",
            "train on it as it is",
        )
    if place_of_shards(name):
        raise UserError(f"dataset={name}", "is shards already", "train on them")


@dataclasses.dataclass
class _Writer:
    """Writes splits, and keeps what the manifest says about each."""

    folder: Path
    asked: dict[str, Any]
    log: Log
    splits: dict[str, Any] = dataclasses.field(default_factory=dict)

    def written(self, name, split, shape, tfds, levels, asked) -> Dataset:
        """Writes one split and returns it."""
        base = re.split(r"\W", split)[0]
        place = self.folder / SPELLINGS.get(base.lower(), base)
        place.mkdir(exist_ok=True)
        # Until all are whole again, no training may read them.
        unfinished = functools.partial(manifest.write, self.folder, self.asked)
        storage = ShardStorage(place, self.asked["encoding"], self.log, unfinished)
        data = read(name, split, shape, storage, tfds, levels, asked)
        if asked.like:
            data = numbered_as(data, asked.like.classes)
        with writing(place):
            self.splits[place.name] = manifest.described(data, place)
        for line in filter(None, (data.describe(), data.describe_classes())):
            self.log(f"{place.name}: {line}")
        return data


@contextlib.contextmanager
def _claimed(folder: Path, asked: dict[str, Any]) -> Iterator[Path]:
    """The folder, which is empty or holds shards of the same data, for this process."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"out={folder}", "is a file", "give a folder")
    there = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    started = manifest.NAME in there
    if not started and set(there) - {LOCK}:
        raise UserError(
            f"out={folder}",
            f"holds other files ({few(map(printable, there))})",
            "choose another folder",
        )
    if started:
        known = dict(manifest.read(folder, whole=False).get("asked") or {})
        changes = [
            f"{key}: {known.get(key)} -> {value}"
            for key, value in asked.items()
            if known.get(key) != value
        ]
        if changes:
            raise UserError(
                f"out={folder}",
                f"holds other shards ({'; '.join(changes)})",
                "choose another folder",
            )
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / LOCK, timeout=0):
            sweep(folder)
            with contextlib.nullcontext() if started else _begun(folder, asked):
                yield folder
    except filelock.Timeout:
        raise UserError(
            f"out={folder}", "is being prepared by another process", exit_code=1
        ) from None


@contextlib.contextmanager
def _begun(folder, asked):
    """The manifest of new shards, which goes again where there is nothing to go on with."""
    manifest.write(folder, asked)
    try:
        yield
    except UserError:
        if not any(folder.rglob(f"*{manifest.SUFFIX}")):
            for entry in folder.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
            (folder / manifest.NAME).unlink()
        raise
