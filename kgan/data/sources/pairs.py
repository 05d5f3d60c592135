"""Reading of pairs of images from files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from kgan.data.decoding import threads
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources.folder import few, image_files, shown, split_folder
from kgan.errors import UserError
from kgan.typing import Log, PathLike

MOST_LEFT_OUT = 0.5  # as of a folder of single images

# A folder for messages, the files of A and of B, and which half of them is meant.
Found: TypeAlias = tuple[Path, list[Path], list[Path], tuple[str | None, str | None]]


def side_by_side(path: PathLike, split: str) -> Found:
    """Finds the files of a folder of images "A|B": (folder, A's, B's, their halves)."""
    folder = split_folder(path, split)
    files, _ = image_files(folder)
    if not files:
        raise UserError(folder, "has no image", "put images A|B, side by side, into it")
    return folder, files, files, ("left", "right")


def equal_names(source: PathLike, target: PathLike, split: str) -> Found:
    """Finds the files of two folders that have the same names up to the suffix.

    Raises:
        UserError: a file without a partner.
    """
    folders = [split_folder(path, split) for path in (source, target)]
    named = []
    for folder in folders:
        files, _ = image_files(folder)
        by_name = {file.relative_to(folder).with_suffix(""): file for file in files}
        if len(by_name) < len(files):
            raise UserError(folder, "two files have one name but for the suffix")
        named.append(by_name)
    for one, other in ((0, 1), (1, 0)):
        alone = sorted(named[one].keys() - named[other].keys())
        if alone:
            few_names = ", ".join(map(str, alone[:3])) + ", ..." * (len(alone) > 3)
            raise UserError(
                folders[one],
                f"{len(alone)} of {len(named[one])} images have no partner of the same "
                f"name in {folders[other]}: {few_names}",
            )
    names = sorted(named[0])
    if not names:
        raise UserError(
            folders[0], "has no image", "put images of equal names into both folders"
        )
    a, b = ([by_name[name] for name in names] for by_name in named)
    return folders[0], a, b, (None, None)


def read_pairs(
    found: Found, *, shape: Shape, channels: Sequence[int], storage: Storage, log: Log
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Decodes what `side_by_side` or `equal_names` found.

    Args:
        found: the files.
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        channels: of A and of B; 0 is the images' own.
        storage: a `Storage` for the pixels.
        log: called with one line if pairs are left out.

    Returns:
        (pixels of A, pixels of B, a line per pair that was left out).

    Raises:
        UserError: fewer than half of the pairs can be used.
    """
    folder, *ends, halves = found
    headers = [threads.read_headers(files, len(files)) for files in ends]
    usable = [one for one in headers[0] if not isinstance(one, str)]
    shares = 2 if halves[0] else 1
    sizes = [(h.width // shares, h.height) for h in usable]
    side = shape.chosen(sizes or [(32, 32)])
    read, reasons = [], []
    for files, half, heads, wanted in zip(ends, halves, headers, channels, strict=True):
        grey = all(h.grey for h in heads if not isinstance(h, str))
        pixels = storage.room((len(files), side, side, wanted or (1 if grey else 3)))
        reasons.append(threads.read_squares(files, pixels, half))
        read.append(pixels)
    whole = [not any(both) for both in zip(*reasons, strict=True)]
    lines = [
        (shown(file, folder), first or second)
        for file, first, second in zip(ends[0], *reasons, strict=True)
        if first or second
    ]
    if not any(whole) or len(lines) > MOST_LEFT_OUT * len(whole):
        raise UserError(
            folder,
            f"{len(lines)} of {len(whole)} pairs cannot be used: {few(lines)}",
            "mend or remove them",
            exit_code=1,
        )
    if lines:
        log(f"left out {len(lines)} of {len(whole)} pairs: {few(lines)}")
    kept = [
        _kept(pixels, why, whole) for pixels, why in zip(read, reasons, strict=True)
    ]
    return *kept, tuple(f"{name}: {why}" for name, why in lines)


def _kept(pixels, reasons, whole):
    """The rows of whole pairs; `pixels` has the rows of usable files, without gaps."""
    if all(whole):
        return pixels
    rows = (np.cumsum([not why for why in reasons]) - 1)[whole]
    for place, row in enumerate(rows):  # in place: the pixels are in memory once
        pixels[place] = pixels[row]
    return pixels[: len(rows)]
