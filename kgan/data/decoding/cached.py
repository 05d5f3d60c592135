"""Decoded pictures of files, kept on the disk: the next start of the same data reads them.

What is kept is found by a digest of the files' names, sizes and times of change, of what
was asked for, and of the decoders. Whatever is damaged is made anew.
"""

import contextlib
import functools
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import PIL

import kgan
from kgan.data.dataset import readable_size
from kgan.data.decoding import formats, threads
from kgan.data.decoding.picture import Header, Transform
from kgan.errors import UserError, printable
from kgan.files import cache_folder, replacing_folder, sweep
from kgan.sizes import Size
from kgan.typing import Log

LEAST_FILES = 500  # fewer are decoded in no time
DECODER = 2  # one more whenever the same files are decoded to other pixels
MOST_BYTES = 10_000_000_000  # of all that is kept; what was not used for longest goes
# A file that was written a moment ago may be written again in the same tick of the
# clock, and would look the same.
AT_REST = 2.0
NOTHING = np.empty(0, np.uint8)
ABOUT, PIXELS = "about.json", "pixels"


def read_headers(paths: Sequence[str], log: Log) -> list[Header | str]:
    """Returns `threads.read_headers` of files, as kept if it was asked for before.

    Args:
        paths: of the files.
        log: called with a line if what was kept is damaged, or cannot be kept.
    """
    look = functools.partial(threads.read_headers, paths, len(paths))
    found = _kept(paths, ("headers",), look, log)
    return [one if isinstance(one, str) else Header(*one) for one in found]


def read_span(paths: Sequence[str], log: Log) -> tuple[float, float] | None:
    """Returns `threads.read_span` of files, as kept if it was asked for before.

    Args:
        paths: of the files.
        log: called with a line if what was kept is damaged, or cannot be kept.
    """
    look = functools.partial(threads.read_span, paths, len(paths))
    found = _kept(paths, ("span",), look, log)
    return None if found is None else (found[0], found[1])


def read_pictures(
    paths: Sequence[str],
    pixels: np.ndarray,
    transform: Transform,
    log: Log,
    frames: Sequence[Size | None] | None = None,
) -> list[str | None]:
    """Returns `threads.read_pictures` of files, as kept if it was asked for before.

    Args:
        paths: of the files.
        pixels: uint8 array (N, H, W, C) that is written to.
        transform: a `picture.Transform` to (H, W) and C.
        log: called with a line if pixels are kept, or read, or damaged.
        frames: a frame for each file, as `picture.read_picture` takes it, or None.
    """

    def decode():
        return threads.read_pictures(paths, pixels, transform, frames)

    what = ("pictures", repr(transform), repr(frames) if frames else "")
    return _kept(paths, what, decode, log, pixels)


def _kept(
    paths: Sequence[str],
    what: tuple[str, ...],
    make: Callable[[], Any],
    log: Log,
    pixels: np.ndarray | None = None,
) -> Any:
    """Returns the result of `make`, kept or new; `pixels` are filled in both cases."""
    place = _place(paths, what)
    if place is None:
        return make()
    found = _read(place, pixels, log)
    if found is None:
        found = make()
        rows = NOTHING if pixels is None else pixels[: found.count(None)]
        _write(place, found, rows, log)
    return found


def _place(paths, what):
    """The folder of what is kept about files, None if it is not to be kept."""
    folder = cache_folder("pixels")
    if folder is None or len(paths) < LEAST_FILES:
        return None
    versions = (str(DECODER), kgan.__version__, PIL.__version__, *formats.readable())
    total = hashlib.blake2b("\0".join((*versions, *what)).encode(), digest_size=16)
    newest = 0.0
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:  # a link to nowhere, say, of which nothing is kept
            total.update(os.fsencode(path))
            continue
        newest = max(newest, status.st_mtime, status.st_ctime)
        state = status.st_size, status.st_mtime_ns, status.st_ctime_ns
        total.update(os.fsencode(os.path.basename(path)) + repr(state).encode())
    if time.time() - newest < AT_REST:
        return None
    return folder / total.hexdigest()


def _digest(text, rows):
    total = hashlib.blake2b(text.encode(), digest_size=16)
    for part in np.array_split(rows, max(1, len(rows) >> 14)) if len(rows) else ():
        total.update(np.ascontiguousarray(part).data)
    return total.hexdigest()


def _read(place, pixels, log):
    """Reads what was kept, and fills `pixels`; None if there is nothing, or damaged."""
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        rows = NOTHING
        if pixels is not None and about["rows"]:
            rows = pixels[: about["rows"]]
            with open(place / PIXELS, "rb") as file:
                whole = file.readinto(memoryview(rows).cast("B")) == rows.nbytes
            if not whole:
                raise ValueError("cut off")
        if about["digest"] != _digest(about["value"], rows):
            raise ValueError("changed")
        os.utime(place)
        return json.loads(about["value"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log(f"{place}: damaged ({printable(str(error))}); it is made anew")
        shutil.rmtree(place, ignore_errors=True)
        return None


def _write(place, value, rows, log):
    text, size = json.dumps(value), rows.nbytes
    about = {"value": text, "rows": len(rows), "digest": _digest(text, rows)}
    try:
        if size > min(MOST_BYTES, _free(place.parent) // 2):
            return
        with replacing_folder(place) as temporary:
            (temporary / ABOUT).write_text(json.dumps(about), encoding="utf-8")
            if size:
                rows.tofile(temporary / PIXELS)
        _forget(place.parent)
    except (OSError, UserError) as error:
        log(f"decoded images are not kept for the next start ({printable(str(error))})")
        return
    if size:
        log(
            f"the decoded images, {readable_size(size)}, are kept in {place.parent} for "
            "the next start"
        )


def _free(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def _forget(folder):
    """Removes what was not used for longest, until the rest is small enough."""
    sweep(folder)
    entries = []
    for entry in folder.glob("[!.]*"):
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            size = sum(file.stat().st_size for file in entry.iterdir())
            entries.append((entry.stat().st_mtime, size, entry))
    total = sum(size for _, size, _ in entries)
    for _, size, entry in sorted(entries):
        if total <= MOST_BYTES:
            break
        shutil.rmtree(entry, ignore_errors=True)
        total -= size
