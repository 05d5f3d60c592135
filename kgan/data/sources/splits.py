"""Splits of a folder: its subfolders train, val and test."""

import dataclasses
from collections.abc import Callable

from kgan.data.decoding import formats
from kgan.data.sources.listing import Listing, shown
from kgan.errors import UserError, printable
from kgan.typing import PathLike

# Spelling -> the split; in lower case.
SPELLINGS = {"train": "train", "test": "test"}
SPELLINGS |= dict.fromkeys(("val", "valid", "validation"), "validation")
OUTSIDE = "outside of the splits"


def read_split(
    path: PathLike,
    split: str = "train",
    unread: Callable[[str], str] = formats.unread,
) -> Listing:
    """Returns the `Listing` of one split of a folder.

    Args:
        path: the folder.
        split: which of its parts.
        unread: as `Listing.of` takes it.

    A folder has splits if two of its subfolders are called train, test or one of val,
    valid and validation, or if all of them are. One of them next to others may be a
    class: trains among cars and planes. A folder without splits is "train" as a whole.

    Raises:
        UserError: there is no such folder or no such split, or splits lie in classes.
    """
    listing = _unwrapped(Listing.of(path, unread))
    names = _folders(listing)
    if not _are_splits(names, listing):
        if SPELLINGS.get(split.lower()) != "train":
            where = shown(listing.inside) or listing.root
            raise UserError(
                f"split={split}",
                f"{listing.root} has the split train",
                f"put images into {where}/train and /{split}",
            )
        _check_classes(listing)
        return listing
    chosen = _chosen(split, names)
    if chosen is None:
        known = " and ".join(map(printable, sorted(names)))
        raise UserError(f"split={split}", f"{listing.root} has the splits {known}")
    listing = _unwrapped(_part(listing, chosen))
    _check_classes(listing)
    return listing


def split_names(
    path: PathLike, unread: Callable[[str], str] = formats.unread
) -> tuple[str, ...]:
    """Returns the splits of a folder: "train", "validation", "test" or other folders."""
    listing = _unwrapped(Listing.of(path, unread))
    names = _folders(listing)
    if not _are_splits(names, listing):
        return ("train",)
    return tuple(SPELLINGS.get(name.lower(), name) for name in names)


def _folders(listing):
    """Names of the folders in `listing.folder` with pictures in them, in their order."""
    below = (listing.below(file) for file in listing.files)
    return list(dict.fromkeys(parts[0] for parts in below if len(parts) > 1))


def _are_splits(names, listing):
    splits = [name for name in names if name.lower() in SPELLINGS]
    alone = len(splits) == len(names) and len(_direct(listing)) == 0
    return len(splits) > 1 or (bool(splits) and alone)


def _direct(listing):
    return [file for file in listing.files if len(listing.below(file)) == 1]


def _chosen(split, names):
    """The folder of a split: the one of that name, else one of another spelling."""
    if split in names:
        return split
    wanted = SPELLINGS.get(split.lower())
    alike = (name for name in names if SPELLINGS.get(name.lower()) == wanted)
    return next(alike, None) if wanted else None


def _unwrapped(listing):
    """The listing, inside of the only folder in it where that holds but folders.

    As of an archive that was unpacked into a folder of its own name.
    """
    while True:
        names = _folders(listing)
        wrapped = len(names) == 1 and names[0].lower() not in SPELLINGS
        if not wrapped or min(len(listing.below(f)) for f in listing.files) < 3:
            return listing
        listing = dataclasses.replace(listing, inside=(*listing.inside, names[0]))


def _part(listing, name):
    """The listing of one of the folders; what lies in the others is counted."""
    depth, files, others, elsewhere = len(listing.inside), [], {}, {}
    outside = dict.fromkeys(listing.files, OUTSIDE)
    for file, why in (outside | listing.others).items():
        within = file[:depth] == listing.inside and len(file) > depth + 1
        if within and file[depth] != name:
            folder = shown(file[: depth + 1])
            elsewhere[folder] = elsewhere.get(folder, 0) + 1
        elif within and why == OUTSIDE:
            files.append(file)
        else:
            others[file] = why
    inside = (*listing.inside, name)
    return Listing(listing.root, files, others, inside=inside, elsewhere=elsewhere)


def _check_classes(listing):
    """Raises UserError if the folders of classes hold splits."""
    found = {}
    for file in listing.files:
        parts = listing.below(file)
        if len(parts) > 2 and parts[1].lower() in SPELLINGS:
            found.setdefault(SPELLINGS[parts[1].lower()], file[:-1])
    if len(found) > 1:
        raise UserError(
            listing.root,
            f"has splits inside of its classes ({shown(next(iter(found.values())))})",
            "put the folders train and test above those of the classes",
        )
