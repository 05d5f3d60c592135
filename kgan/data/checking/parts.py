"""The pictures of one part of a data set, made small enough to compare all of them."""

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kgan.data.decoding import threads
from kgan.data.decoding.opening import UnusablePicture
from kgan.data.decoding.picture import Transform, fitted, read_picture
from kgan.data.decoding.storage import Storage
from kgan.data.sources.folder import deep_levels, look
from kgan.data.sources.listing import natural, shown
from kgan.data.sources.splits import read_split
from kgan.errors import printable
from kgan.sizes import Size
from kgan.typing import Log, PathLike

SIDE = 64  # of the small pictures
SHOWN = Size(96, 96)  # of those on a contact sheet


@dataclasses.dataclass(frozen=True)
class Part:
    """The pictures of one part of a data set.

    Attributes:
        name: such as "train".
        names: of the pictures that are used.
        small: uint8 (n, 64, 64, 1 or 3), all of each picture.
        sizes: before that.
        classes: name of each picture's class; () without classes.
        left_out: name of a file -> why it is not used.
        unusable: those of `left_out` that are pictures, and cannot be read.
        lost: names of classes of which nothing is used.
        digest: row -> a text that is equal where the stored bytes are.
        levels: of its pictures with more than 8 bits, as `of_folder` takes them.
        domain: the number of the side of a pair that it holds; 0 where there is one.
        show: row -> uint8 (96, 96, 3), the picture with its own proportions.
    """

    name: str
    names: tuple[str, ...]
    small: np.ndarray
    sizes: tuple[Size, ...]
    classes: tuple[str, ...]
    left_out: dict[str, str]
    unusable: frozenset[str]
    lost: tuple[str, ...]
    digest: Callable[[int], str]
    show: Callable[[int], np.ndarray]
    levels: tuple[float, ...] = ()
    domain: int = 0

    def __len__(self) -> int:
        return len(self.names)


def of_folder(
    name: str,
    path: PathLike,
    split: str,
    log: Log,
    levels: Sequence[float] = (),
) -> Part:
    """Returns the part of a folder that a split reads, listed as for training.

    Args:
        name: of the part.
        path: the folder.
        split: as `kgan.data.sources.splits.read_split` takes it.
        log: called with each line that is meant for the user.
        levels: the two values of pictures with more than 8 bits that become 0 and 255;
            () for those that are found.

    Raises:
        UserError: there is no such folder or no such split.
    """
    listing = read_split(path, split)
    headers = look(listing, log)
    found = deep_levels(listing, headers, levels, log)
    whole = Transform(Size(SIDE, SIDE), 3, "stretch", levels=found)
    small = Storage(log=log).room((len(listing.files), *whole.size, 3))
    reasons = threads.read_pictures(listing.paths(), small, whole)
    listing.keep(reasons)
    sizes = [one.size for one, why in zip(headers, reasons, strict=True) if not why]
    paths = listing.paths()
    below = [listing.below(file) for file in listing.files]
    classed = all(len(parts) > 1 for parts in below)
    classes = tuple(printable(parts[0]) for parts in below) if classed else ()
    left_out = listing.others | listing.unusable
    return Part(
        name,
        tuple(map(shown, listing.files)),
        small[: len(paths)],
        tuple(sizes),
        classes,
        {shown(file): why for file, why in left_out.items()},
        frozenset(map(shown, listing.unusable)),
        _lost(listing, left_out, classes),
        functools.cache(lambda row: _digest(Path(paths[row]).read_bytes())),
        lambda row: _picture(paths[row], Transform(SHOWN, 3, "pad", levels=found)),
        levels=tuple(found or ()),
    )


def of_arrays(
    name: str,
    pixels: np.ndarray,
    labels: Sequence[int] | None = None,
    classes: Sequence[str] = (),
) -> Part:
    """Returns the part of pictures in memory.

    Args:
        name: of the part.
        pixels: uint8 (n, H, W, 1 or 3).
        labels: of the pictures, numbers of `classes`, or None.
        classes: the names of the classes.
    """
    channels = pixels.shape[-1]
    size = Size(*pixels.shape[1:3])

    def show(row):
        framed = Transform(SHOWN, channels, "pad")
        return np.broadcast_to(fitted(pixels[row : row + 1], framed)[0], (*SHOWN, 3))

    return Part(
        name,
        tuple(f"{name}[{row}]" for row in range(len(pixels))),
        np.asarray(fitted(pixels, Transform(Size(SIDE, SIDE), channels, "stretch"))),
        (size,) * len(pixels),
        () if labels is None else tuple(classes[label] for label in labels),
        {},
        frozenset(),
        (),
        functools.cache(lambda row: _digest(np.ascontiguousarray(pixels[row]))),
        show,
    )


def _lost(listing, left_out, classes):
    """The names of classes with files of which none is used, in their order."""
    below = [listing.below(file) for file in left_out]
    named = [printable(parts[0]) for parts in below if len(parts) > 1]
    return tuple(sorted({*named} - {*classes}, key=natural)) if classes else ()


def _digest(content):
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _picture(path, transform):
    try:
        return read_picture(path, transform)
    except UnusablePicture:  # gone since it was read
        return np.full((*transform.size, 3), 128, np.uint8)
