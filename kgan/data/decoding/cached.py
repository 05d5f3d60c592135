"""Decoded pictures of files, kept on the disk: the next start of the same data reads them.

What is kept belongs to a digest of the files' names and contents, of what was asked for,
and of the decoders. Reading all contents would take longer than a start should. So what is
kept also knows the times at which its files were last changed: while they are the same, it
is used; if they are not, as after copying a folder, the contents decide. Whatever is damaged
is made anew.
"""

import concurrent.futures
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
from kgan.data.decoding import formats, room, threads
from kgan.data.decoding.opening import PassingReason
from kgan.data.decoding.picture import Header, Transform
from kgan.errors import UserError, printable
from kgan.files import cache_folder, replacing_folder, write_text
from kgan.sizes import Size
from kgan.typing import Log

LEAST_FILES = 500  # fewer are decoded in no time
DECODER = 3  # one more whenever the same files are decoded to other pixels
# A file that was written a moment ago may be written again in the same tick of the
# clock, and would look the same.
AT_REST = 2.0
NOTHING = np.empty(0, np.uint8)
MOST_TIMES = 8  # copies of a folder that are told from others at once
ABOUT, PIXELS, TIMES = "about.json", "pixels", "times"


def read_headers(paths: Sequence[str], log: Log) -> list[Header | str]:
    """Returns `threads.read_headers` of files, as kept if it was asked for before.

    Args:
        paths: of the files.
        log: called with a line if what was kept is damaged, or cannot be kept.
    """
    look = functools.partial(threads.read_headers, paths, len(paths))
    found = _kept(paths, ("headers",), look, log)
    return [one if isinstance(one, str) else Header(*one) for one in found]


def read_spans(paths: Sequence[str], log: Log) -> list[Sequence[float] | None | str]:
    """Returns `threads.read_spans` of files, as kept if it was asked for before.

    Args:
        paths: of the files.
        log: called with a line if what was kept is damaged, or cannot be kept.
    """
    look = functools.partial(threads.read_spans, paths, len(paths))
    return _kept(paths, ("spans",), look, log)


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


def identity(paths: Sequence[str], what: tuple[str, ...]) -> str:
    """Returns a text that is another one if files, or their decoding, may have changed.

    Args:
        paths: of the files.
        what: texts that say how they are decoded.
    """
    place = _Place(None, paths, what)
    return f"{place.alike} {place.times}"


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
    kept = place.find()
    found = None if kept is None else _read(kept, pixels, log)
    if found is None:
        found = make()
        if any(isinstance(one, PassingReason) for one in found or ()):
            return found
        rows = NOTHING if pixels is None else pixels[: found.count(None)]
        place.write(found, rows, log)
    return found


class _Place:
    """The place of what is kept about files; each of several contents has a folder.

    Attributes:
        folder: where all is kept.
        paths: of the files.
        alike: the digest of all but contents and times.
        times: the digest of the times of change.
        newest: the last time of change.
    """

    def __init__(self, folder, paths, what):
        self.folder, self.paths = folder, paths
        versions = (str(DECODER), kgan.__version__, PIL.__version__)
        versions += (*formats.readable(), *what)
        alike = hashlib.blake2b("\0".join(versions).encode(), digest_size=16)
        times, self.newest = hashlib.blake2b(digest_size=16), 0.0
        for path in paths:
            try:
                status = os.stat(path)
            except OSError:  # a link to nowhere, say, of which nothing is kept
                alike.update(os.fsencode(path))
                continue
            self.newest = max(self.newest, status.st_mtime, status.st_ctime)
            times.update(repr((status.st_mtime_ns, status.st_ctime_ns)).encode())
            name = os.fsencode(os.path.basename(path))
            alike.update(name + repr(status.st_size).encode())
        self.alike, self.times = alike.hexdigest(), times.hexdigest()

    def find(self):
        """The folder of what is kept about these files, None if there is nothing."""
        kept = [one for one in self.folder.glob(f"{self.alike}-*") if one.is_dir()]
        for entry in kept:
            if self.times in _lines(entry / TIMES):
                return entry
        entry = self._of_contents() if kept else None
        if entry not in kept:
            return None
        self._note(entry)
        return entry

    def write(self, value, rows, log):
        """Keeps a value and rows of pixels."""
        if not self._at_rest:
            return
        # Of what was decoded, and not of what another program wrote since.
        entry = self._of_contents()
        if _Place(self.folder, self.paths, ()).times == self.times:
            _write(entry, self.times, value, rows, log)

    @property
    def _at_rest(self):
        return time.time() - self.newest >= AT_REST

    def _of_contents(self):
        digest = _contents if self._at_rest else _contents.__wrapped__
        content = digest(tuple(self.paths), self.times)
        return self.folder / f"{self.alike}-{content}"

    def _note(self, entry):
        """Notes the times of files whose contents are those of what is kept."""
        if self._at_rest:
            known = [*_lines(entry / TIMES)[1 - MOST_TIMES :], self.times]
            with contextlib.suppress(UserError):
                write_text(entry / TIMES, "\n".join(known))


def _place(paths, what):
    """The `_Place` of what is kept about files, None if nothing is to be kept."""
    folder = cache_folder("pixels")
    if folder is None or len(paths) < LEAST_FILES:
        return None
    return _Place(folder, paths, what)


def _lines(path):
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


# Headers and pixels of the same files are asked for one after the other.
@functools.lru_cache(maxsize=4)
def _contents(paths, times):
    """The digest of the contents of files, as they are at these `times`."""
    total = hashlib.blake2b(digest_size=16)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for content in pool.map(_content, paths, chunksize=1):
            total.update(content)
    return total.hexdigest()


def _content(path):
    if not os.path.isfile(path):  # opening a named pipe would block for ever
        return b""
    try:
        with open(path, "rb", buffering=0) as file:
            return hashlib.file_digest(file, "blake2b").digest()
    except OSError:
        return b""


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
        with contextlib.suppress(OSError):  # it may be another user's
            os.utime(place)
        return json.loads(about["value"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log(f"{place}: damaged ({printable(str(error))}); it is made anew")
        shutil.rmtree(place, ignore_errors=True)
        return None


def _write(place, times, value, rows, log):
    text, size = json.dumps(value), rows.nbytes
    about = {"value": text, "rows": len(rows), "digest": _digest(text, rows)}
    try:
        if size > min(room.MOST_BYTES, room.free(place.parent) // 2):
            return
        with replacing_folder(place) as temporary:
            (temporary / ABOUT).write_text(json.dumps(about), encoding="utf-8")
            (temporary / TIMES).write_text(times, encoding="utf-8")
            if size:
                rows.tofile(temporary / PIXELS)
        room.tidy(place.parent)
    except (OSError, UserError) as error:
        log(f"decoded images are not kept for the next start ({printable(str(error))})")
        return
    if size:
        log(
            f"the decoded images, {readable_size(size)}, are kept in {place.parent} for "
            "the next start"
        )
