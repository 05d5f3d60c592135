"""The room that decoded pictures may take: the folder in which they are kept stays small."""

import contextlib
import re
import shutil
from pathlib import Path

from kgan.files import sweep

MOST_BYTES = 10_000_000_000  # of all that is kept; what was not used for longest goes
OURS = "[0-9a-f]{32}-[0-9a-f]{32}"  # names of what is kept


def free(folder: Path) -> int:
    """Returns how many bytes are free where a folder lies; makes it if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def tidy(folder: Path) -> None:
    """Removes what was not used for longest, until the rest is small enough.

    Other files and folders that lie there are the user's, and stay.
    """
    sweep(folder)
    entries = []
    for entry in filter(_is_ours, folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            size = sum(file.stat().st_size for file in entry.iterdir())
            entries.append((entry.stat().st_mtime, size, entry))
    total = sum(size for _, size, _ in entries)
    for _, size, entry in sorted(entries):
        if total <= MOST_BYTES:
            break
        shutil.rmtree(entry, ignore_errors=True)
        total -= size


def _is_ours(entry):
    return re.fullmatch(OURS, entry.name) is not None and entry.is_dir()
