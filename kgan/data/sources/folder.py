"""A user's own folder of image files, as `kgan.data.sources.listing` reads it."""

import itertools
import os
from collections.abc import Sequence

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding import cached, formats, threads
from kgan.data.decoding.levels import find_levels
from kgan.data.decoding.picture import Header, Transform
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources.arrays import images as image_dataset
from kgan.data.sources.captions import NOTHING, Annotations, Asked
from kgan.data.sources.listing import (
    Listing,
    grouped,
    is_left_behind,
    natural,
    shown,
)
from kgan.data.sources.splits import read_split
from kgan.errors import UserError, few, printable
from kgan.typing import Log, PathLike

# Some files rot; if most did, something else is wrong.
MOST_LEFT_OUT = 0.5


def load_folder(
    path: PathLike,
    *,
    split: str,
    shape: Shape,
    storage: Storage,
    log: Log,
    levels: Sequence[float] = (),
    asked: Asked = NOTHING,
) -> Dataset:
    """Decode the images of a folder.

    Args:
        path: the folder, str or path; a leading ~ is the home folder.
        split: "train" for a whole folder, or the name of a split's subfolder.
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        storage: a `Storage` for the pixels.
        log: called with a line about each kind of thing that is not simply used.
        levels: as `kgan.data.decoding.levels.find_levels` takes it.
        asked: what of the folder's table of captions and attributes is wanted.

    Returns:
        A `kgan.data.Dataset`.

    Raises:
        UserError: if there is no such folder or split, no usable image, more
            unusable than usable ones, or if images lie both in the folder itself
            and in subfolders.
    """
    listing = read_split(path, split)
    table = Annotations(listing, asked) if any(asked[:2]) else None
    headers = look(listing, log)
    if not headers:
        check(listing)
    sizes = [header.size for header in headers]
    size, grey = shape.chosen(sizes), all(header.grey for header in headers)
    channels = shape.channels or (1 if grey else 3)
    ends = deep_levels(listing, headers, levels, log)
    transform = Transform(size, channels, shape.fit, levels=ends)
    files = _Files(listing, transform, log if storage.keeps else None)
    pixels, reasons, _ = storage.decoded(files)
    listing.keep(reasons)
    check(listing)
    used = [one for one, why in zip(sizes, reasons, strict=True) if not why]
    labels, classes = _labels(listing)
    for line in (*listing.told(), *_of_classes(listing, classes)):
        log(line)
    root = listing.root.resolve()
    name = printable(root.name) or str(root)
    shape.announce(name, used, size, log)
    data = image_dataset(
        pixels,
        labels,
        name=name,
        classes=classes,
        left_out=listing.lines(),
        levels=ends,
    )
    return table.added(data, listing.files, log) if table else data


class _Files:
    """The pictures of a listing, as `kgan.data.decoding.storage.Pictures`.

    They are kept for the next start if there is a `log`.
    """

    def __init__(self, listing, transform, log):
        self.paths, self.transform, self.log = listing.paths(), transform, log
        self.names, self.count = list(map(shown, listing.files)), len(listing.files)
        self.shape = (*transform.size, transform.channels)

    def read(self, start, stop, pixels):
        paths = self.paths[start:stop]
        if self.log is None:
            return threads.read_pictures(paths, pixels, self.transform), []
        return cached.read_pictures(paths, pixels, self.transform, self.log), []

    def origin(self, start, stop):
        return cached.identity(
            self.paths[start:stop], (*self.names[start:stop], repr(self.transform))
        )


def look(listing: Listing, log: Log) -> list[Header]:
    """Reads the headers of all pictures; returns those of the usable ones."""
    found = cached.read_headers(listing.paths(), log)
    usable = [header for header in found if not isinstance(header, str)]
    listing.keep([one if isinstance(one, str) else None for one in found])
    listing.several = [
        file
        for file, header in zip(listing.files, usable, strict=True)
        if header.several
    ]
    return usable


def deep_levels(
    listing: Listing, headers: Sequence[Header], given: Sequence[float], log: Log
) -> tuple[float, ...] | None:
    """Returns the levels of a listing's pictures, as `find_levels` finds them.

    Args:
        listing: whose pictures are meant.
        headers: of the pictures.
        given: the two values, or () for those that are found.
        log: called with one line that says what was found.
    """
    paths = listing.paths()
    deep = [one for one, header in zip(paths, headers, strict=True) if header.deep]
    return find_levels(
        lambda: cached.read_spans(deep, log), len(deep), len(paths), given, log
    )


def check(listing: Listing, what: str = "images") -> None:
    """Raises UserError if nothing is used, or less than half of what there is.

    Args:
        listing: what is left to be used.
        what: the word for several of them.
    """
    used, unusable = len(listing.files), len(listing.unusable)
    if not used and (what == "images" or not unusable):
        raise _nothing_usable(listing)
    if unusable > MOST_LEFT_OUT * (used + unusable):
        raise UserError(
            listing.folder,
            f"{unusable:,} of {used + unusable:,} {what} cannot be used, more than half: "
            f"{grouped(listing.unusable)}",
            "mend or remove them",
            exit_code=1,
        )


def _labels(listing):
    """Return (int32 labels or None, names of the classes) by the subfolders."""
    below = [listing.below(file) for file in listing.files]
    direct = sum(len(parts) == 1 for parts in below)
    if direct == len(below):
        return None, ()
    if direct:
        raise UserError(
            listing.folder,
            f"holds images both directly ({direct:,}) and in subfolders "
            f"({len(below) - direct:,})",
            "put all of them into class subfolders, or none",
        )
    names = sorted({parts[0] for parts in below}, key=natural)
    classes = tuple(map(printable, names))
    alike = [name for name in classes if classes.count(name) > 1]
    if alike:
        raise UserError(
            listing.folder, f"has several classes that are printed as {alike[0]}"
        )
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[parts[0]] for parts in below], np.int32), classes


def _of_classes(listing, classes):
    """Yields a line about a single class, and one about folders that are no classes."""
    if not classes:
        return
    if len(classes) == 1:
        yield f"all images are of one class, {classes[0]}, as that is their folder"
    with os.scandir(listing.folder) as entries:
        folders = [one.name for one in entries if one.is_dir()]
    names = sorted(itertools.filterfalse(is_left_behind, folders), key=natural)
    lost = [name for name in map(printable, names) if name not in classes]
    if lost:
        yield f"no classes, as they hold no usable image: {few(lost)}"


def _nothing_usable(listing):
    details = ""
    if listing.unusable:
        details += f" ({len(listing.unusable):,} unusable: {grouped(listing.unusable)})"
    if listing.others:
        details += f" ({len(listing.others):,} other files: {grouped(listing.others)})"
    if listing.elsewhere:
        details += f" (outside of it: {few(map(printable, listing.elsewhere))})"
    suffixes = ", ".join(suffix[1:] for suffix in formats.usual_suffixes())
    return UserError(
        listing.folder,
        f"holds no usable image{details}",
        f"put {suffixes} files into it, or into one subfolder per class",
    )
