"""A user's own folder of image files, flat or with one subfolder per class.

    root/*.png               unlabelled images
    root/CLASS/*.png         labelled; a class is a subfolder with a usable image
    root/train, root/test    both there: splits, each in one of the forms above

Files and folders that start with a dot, and folders further down, are not
looked at. The order is that of the sorted relative paths. Links are followed.
"""

import pathlib

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding import threads
from kgan.data.decoding.picture import SUFFIXES
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources.arrays import images as image_dataset
from kgan.errors import UserError
from kgan.typing import Log, PathLike

MENTIONED = 5
# Some files rot; if most did, something else is wrong.
MOST_LEFT_OUT = 0.5


def load_folder(
    path: PathLike, *, split: str, shape: Shape, storage: Storage, log: Log
) -> Dataset:
    """Decode the images of a folder.

    Args:
        path: the folder, str or path; a leading ~ is the home folder.
        split: "train" for a whole folder, or the name of a split's subfolder.
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        storage: a `Storage` for the pixels.
        log: called with one line if files are left out.

    Returns:
        A `kgan.data.Dataset`.

    Raises:
        UserError: if there is no such folder or split, no usable image, more
            unusable than usable ones, or if images lie both in the folder itself
            and in subfolders.
    """
    root = pathlib.Path(path).expanduser()
    folder = split_folder(root, split)
    files, others = image_files(folder)
    left_out = {}
    files, headers = _with_headers(files, left_out)
    if files:
        side = shape.chosen([header[:2] for header in headers])
        grey = all(header.grey for header in headers)
        pixels = storage.room(
            (len(files), side, side, shape.channels or (1 if grey else 3))
        )
        reasons = threads.read_squares(files, pixels)
        left_out |= {file: why for file, why in zip(files, reasons, strict=True) if why}
        files = [file for file, why in zip(files, reasons, strict=True) if not why]
    lines = [(shown(file, folder), left_out[file]) for file in sorted(left_out)]
    if not files:
        raise _nothing_usable(folder, lines, others)
    if len(lines) > MOST_LEFT_OUT * (len(lines) + len(files)):
        raise UserError(
            folder,
            f"{len(lines)} of {len(lines) + len(files)} images cannot be used, more "
            f"than half: {few(lines)}",
            "mend or remove them",
            exit_code=1,
        )
    labels, classes = _labels(files, folder)
    if lines:
        log(f"left out {len(lines)} of {len(lines) + len(files)} files: {few(lines)}")
    return image_dataset(
        pixels[: len(files)],
        labels,
        name=printable(root.resolve().name) or str(root.resolve()),
        classes=classes,
        left_out=tuple(f"{name}: {why}" for name, why in lines),
    )


def split_folder(root: PathLike, split: str) -> pathlib.Path:
    """Return the folder that holds `split`, or raise a UserError."""
    root = pathlib.Path(root).expanduser()
    if not root.exists():
        raise UserError(root, "does not exist", "give a folder of images")
    if not root.is_dir():
        raise UserError(root, "is a file", "give the folder that holds the images")
    try:
        folders = {entry.name for entry in _visible(root) if entry.is_dir()}
    except OSError as error:
        raise _unreadable(root, error) from error
    # One of the two alone could be a class: trains among cars and planes.
    splits = sorted(folders) if {"train", "test"} <= folders else ["train"]
    if split not in splits:
        hint = "" if len(splits) > 1 else f"put images into {root}/train and /test"
        known = " and ".join(splits)
        raise UserError(f"split={split}", f"{root} has the split {known}", hint)
    return root / split if len(splits) > 1 else root


def _unreadable(folder, error):
    return UserError(folder, f"cannot be read ({error.strerror})")


def _visible(folder):
    return sorted(entry for entry in folder.iterdir() if entry.name[0] != ".")


def image_files(folder: pathlib.Path) -> tuple[list[pathlib.Path], int]:
    """List the image files by their suffix, and count the other files."""
    try:
        entries = []
        for entry in _visible(folder):
            entries += _visible(entry) if entry.is_dir() else [entry]
    except OSError as error:
        raise _unreadable(error.filename, error) from error
    found = [
        entry
        for entry in entries
        if entry.suffix.lower() in SUFFIXES and not entry.is_dir()
    ]
    others = sum(not entry.is_dir() for entry in entries) - len(found)
    return sorted(found, key=lambda file: file.relative_to(folder).as_posix()), others


def _with_headers(files, left_out):
    """Return the files with a usable header, and those; note the others."""
    results = threads.read_headers(files, len(files))
    left_out |= {
        file: why
        for file, why in zip(files, results, strict=True)
        if isinstance(why, str)
    }
    usable = [
        (file, header)
        for file, header in zip(files, results, strict=True)
        if not isinstance(header, str)
    ]
    return [file for file, _ in usable], [header for _, header in usable]


def _labels(files, folder):
    """Return (int32 labels or None, names of the classes) by the subfolders."""
    in_classes = [file.parent != folder for file in files]
    if not any(in_classes):
        return None, ()
    if not all(in_classes):
        raise UserError(
            folder,
            f"holds images both directly ({in_classes.count(False)}) and in subfolders "
            f"({in_classes.count(True)})",
            "put all of them into class subfolders, or none",
        )
    names, labels = np.unique([file.parent.name for file in files], return_inverse=True)
    return labels.astype(np.int32), tuple(printable(str(name)) for name in names)


def _nothing_usable(folder, lines, others):
    suffixes = ", ".join(suffix[1:] for suffix in SUFFIXES)
    details = [f"{len(lines)} unusable: {few(lines)}"] if lines else []
    details += [f"{others} files with other suffixes"] if others else []
    seen = f" ({'; '.join(details)})" if details else ""
    return UserError(
        folder,
        f"holds no usable image{seen}",
        f"put {suffixes} files into it, or into one subfolder per class",
    )


def few(lines: list[tuple[str, str]]) -> str:
    """Returns the first of the (name, reason) pairs `lines` as one text."""
    shown = [f"{name} ({why})" for name, why in lines[:MENTIONED]]
    return ", ".join(shown + ["..."] * (len(lines) > MENTIONED))


def shown(file: pathlib.Path, folder: pathlib.Path) -> str:
    """Returns the path of `file` inside `folder` as printable text."""
    return printable(file.relative_to(folder).as_posix())


def printable(name: str) -> str:
    """Returns `name` with "?" for each character that cannot be printed.

    The name of a file may hold line ends, terminal commands and broken Unicode.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in name)
