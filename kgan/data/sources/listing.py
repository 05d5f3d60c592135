"""The listing of a folder of pictures: every file is used, or left out for a reason.

    root/*.png                        pictures without labels
    root/CLASS/*.png, CLASS/.../*     labelled: the class is the first folder
    root/train, root/val, root/test   splits, each in one of the forms above

Class folders are in natural order, "2" before "10"; files of a folder in that of their
names. Files that systems leave behind are no part of it. Links are followed.
"""

import collections
import dataclasses
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from kgan.data.decoding import formats
from kgan.data.sources.places import existing_folder
from kgan.errors import UserError, few, printable
from kgan.typing import PathLike

MENTIONED = 5  # reasons in a line
# As well as those whose names start with a dot; in lower case.
OF_SYSTEMS = {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir"}
Parts: TypeAlias = tuple[str, ...]
SEEN = "a link to a folder that is listed already"


@dataclasses.dataclass
class Listing:
    """The files of a folder; each is named by the parts of its path below `root`.

    Attributes:
        root: the folder.
        files: pictures that are used, in their order.
        others: file -> why it is no picture, or not looked at.
        unusable: file -> why that picture cannot be used.
        several: pictures that are used, of files that hold further ones.
        inside: the parts of the folder below `root` whose folders are classes.
        elsewhere: folder that is not part of the split -> how many files it holds.
    """

    root: Path
    files: list[Parts]
    others: dict[Parts, str] = dataclasses.field(default_factory=dict)
    unusable: dict[Parts, str] = dataclasses.field(default_factory=dict)
    several: list[Parts] = dataclasses.field(default_factory=list)
    inside: Parts = ()
    elsewhere: dict[str, int] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(
        cls, root: PathLike, unread: Callable[[str], str] = formats.unread
    ) -> "Listing":
        """Returns the listing of all that lies below the folder `root`.

        Args:
            root: the folder.
            unread: suffix of a file -> why such files are not read, "" if they are.

        Raises:
            UserError: there is no such folder, or it cannot be read.
        """
        root = existing_folder(root)
        files, others = [], {}
        try:
            for parts, why in _walk(root):
                why = why or unread(os.path.splitext(parts[-1])[1])
                if why:
                    others[parts] = why
                else:
                    files.append(parts)
        except OSError as error:
            where = error.filename or root
            raise UserError(where, f"cannot be read ({error.strerror})") from error
        files.sort(key=lambda parts: ([natural(one) for one in parts[:-1]], parts[-1]))
        return cls(root, files, others)

    def __len__(self) -> int:
        """Returns the number of files, used or not, without those `elsewhere`."""
        return len(self.files) + len(self.others) + len(self.unusable)

    @property
    def folder(self) -> Path:
        """The folder whose folders are classes."""
        return self.root.joinpath(*self.inside)

    def paths(self) -> list[str]:
        """Returns the paths of the pictures that are used."""
        return [os.path.join(self.root, *parts) for parts in self.files]

    def below(self, parts: Parts) -> Parts:
        """The parts of a file below `folder`."""
        return parts[len(self.inside) :]

    def keep(self, reasons: Sequence[str | None]) -> None:
        """Leaves out the pictures with a reason, of one for each: a text, or None."""
        pairs = list(zip(self.files, reasons, strict=True))
        self.unusable |= {file: why for file, why in pairs if why}
        self.files = [file for file, why in pairs if not why]
        self.several = [file for file in self.several if file not in self.unusable]

    def lines(self) -> tuple[str, ...]:
        """Returns a line for each file that is left out: "path: reason"."""
        left_out = self.others | self.unusable
        return tuple(f"{shown(file)}: {left_out[file]}" for file in sorted(left_out))

    def told(self) -> list[str]:
        """Returns lines for the user about all that is not simply used."""
        left_out, said = self.others | self.unusable, []
        if left_out:
            said.append(
                f"left out {len(left_out):,} of {len(self):,} files: {grouped(left_out)}"
            )
        if self.several:
            said.append(of_several(list(map(shown, self.several))))
        deep = [file for file in self.files if len(self.below(file)) > 2]
        if deep:
            said.append(
                f"{len(deep):,} images lie further down in their class folders "
                f"({few(map(shown, deep))})"
            )
        if self.inside:
            there = few(f"{name} ({n:,} files)" for name, n in self.elsewhere.items())
            rest = f"; not part of it: {there}" if there else ""
            said.append(f"the folder {shown(self.inside)} is read{rest}")
        return said


def grouped(reasons: dict[Parts, str]) -> str:
    """Returns in one text how many files are left out for which reason.

    Args:
        reasons: file -> reason.
    """
    groups = collections.defaultdict(list)
    for file, why in sorted(reasons.items()):
        groups[why].append(shown(file))
    most = sorted(groups.items(), key=lambda item: -len(item[1]))
    told = [f"{len(names):,} {why} ({few(names)})" for why, names in most[:MENTIONED]]
    rest = sum(len(names) for _, names in most[MENTIONED:])
    return ", ".join(told + [f"{rest:,} for other reasons"] * (rest > 0))


def of_several(names: Sequence[str]) -> str:
    """Returns a line about files of these names that hold several pictures."""
    return (
        f"{len(names):,} files hold several pictures, as animations do; the first of each "
        f"is used ({few(names)})"
    )


def shown(parts: Parts) -> str:
    """Returns the parts of a path as printable text."""
    return printable("/".join(parts))


def natural(name: str) -> tuple[list[str | int], str]:
    """Returns a key by which "2" is before "10", and "a2" before "a10"."""
    parts: list[str | int] = [*re.split(r"(\d+)", name)]
    parts[1::2] = map(int, parts[1::2])
    return parts, name


def is_left_behind(name: str) -> bool:
    """Whether a file or folder of this name is a system's own: its files are no data."""
    return name.startswith(".") or name.lower() in OF_SYSTEMS


CLASS_DEPTH = 2  # folders down to a class: that of a split, and its own


def _walk(root):
    """Yields (parts, reason or "") of every file below `root`."""
    waiting: list[tuple[str, Parts, set]] = [(os.fspath(root), (), {_identity(root)})]
    while waiting:
        folder, above, seen = waiting.pop()
        with os.scandir(folder) as entries:
            found = [one for one in entries if not is_left_behind(one.name)]
        for entry in found:
            parts = (*above, entry.name)
            if not _is_folder(entry):
                yield parts, ""
                continue
            # Two classes, of a split too, may be links to one folder, but a link back has no
            # end; and within a class each folder comes once, or links could multiply.
            identity = _identity(entry.path)
            if identity in seen:
                yield parts, SEEN
                continue
            own = seen if len(parts) > CLASS_DEPTH else set(seen)
            own.add(identity)
            waiting.append((entry.path, parts, own))


def _is_folder(entry):
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder):
    found = os.stat(folder)
    return found.st_dev, found.st_ino
