"""Storage of decoded pictures in shards, which goes on where it was interrupted."""

import concurrent.futures
import contextlib
import dataclasses
import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tqdm

from kgan.data.decoding.storage import Decoded, Pictures
from kgan.data.decoding.threads import cores
from kgan.data.shards.array import File, ShardedArray, array_record, encode
from kgan.data.shards.manifest import SUFFIX
from kgan.errors import UserError, printable
from kgan.files import replacing, write_text
from kgan.typing import Log

CHUNK = 32_000_000  # bytes of pixels that are decoded together
MOST_ROWS = 2_000  # the same in pictures
MOST_FILES = 256  # each is an open file of a training
UNCOMPRESSED = "group_size:1,uncompressed"  # pixels of photographs do not get smaller


@dataclasses.dataclass(frozen=True)
class ShardStorage:
    """Writes decoded pictures into files of records; takes the place of a `Storage`.

    A file that a run before this one has written, of the same pictures in the same way,
    stays if its content is what was written.

    Attributes:
        folder: of one split.
        encoding: "raw" or "png".
        log: called with a line on how many files were there already.
        changes: called before a file is written; or None.
        keeps: False: decoded pictures need not be kept a second time.
    """

    folder: Path
    encoding: str = "raw"
    log: Log = print
    changes: Callable[[], None] | None = None
    keeps: bool = False

    def decoded(self, pictures: Pictures) -> Decoded:
        """Returns the usable ones of some pictures, as a `ShardedArray`."""
        chunk = max(1, min(MOST_ROWS, CHUNK // math.prod(pictures.shape)))
        rows = chunk * math.ceil(pictures.count / chunk / MOST_FILES)
        starts, total = range(0, pictures.count, rows), pictures.count
        found, reused = [], 0
        with (
            concurrent.futures.ThreadPoolExecutor(cores()) as pool,
            tqdm.tqdm(total=total, desc="preparing", disable=None) as bar,
        ):
            for number, start in enumerate(starts):
                stop = min(start + rows, total)
                path = self.folder / f"{number:05}{SUFFIX}"
                shard = _Shard(path, pictures, (start, stop), self.encoding)
                about = shard.kept(chunk)
                reused += about is not None
                if about is None:
                    if self.changes:
                        self.changes()
                    about = shard.make(chunk, pool.map)
                found.append(about)
                bar.update(stop - start)
        if reused:
            self.log(
                f"{self.folder.name}: {reused:,} of {len(starts):,} files are whole"
            )
        self._clear(len(starts))
        return self._together(pictures.shape, found)

    def _together(self, shape, found):
        digest = hashlib.blake2b(str(shape).encode(), digest_size=16)
        for about in found:
            digest.update(about["digest"].encode())
        files = [
            File(self.folder / f"{number:05}{SUFFIX}", about["rows"])
            for number, about in enumerate(found)
            if about["rows"]
        ]
        return Decoded(
            ShardedArray(files, shape, self.encoding, digest.hexdigest()),
            [why for about in found for why in about["reasons"]],
            [label for about in found for label in about["labels"]],
        )

    def _clear(self, count):
        """Removes files beyond these, of data that were more."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            if path.stem.isdigit() and int(path.stem) >= count:
                path.with_suffix(".json").unlink(missing_ok=True)
                path.unlink()


class _Shard:
    """One file of records, and the .json next to it, which is written last."""

    def __init__(self, path, pictures, ends, encoding):
        self.path, self.pictures = path, pictures
        self.ends, self.encoding = ends, encoding
        self.notes = path.with_suffix(".json")
        made = f"{pictures.origin(*ends)} {pictures.shape} {encoding}"
        self.made_of = hashlib.blake2b(made.encode(), digest_size=16).hexdigest()

    def kept(self, chunk: int) -> dict[str, Any] | None:
        """What is known of the file; None if it is not there, another or damaged."""
        try:
            about = json.loads(self.notes.read_text(encoding="utf-8"))
            if about["made_of"] != self.made_of:
                return None
            file = File(self.path, about["rows"])
            content = ShardedArray([file], self.pictures.shape, self.encoding, "")
            digest = hashlib.blake2b(digest_size=16)
            for start in range(0, len(content), chunk):
                digest.update(content[start : start + chunk].data)
            whole = digest.hexdigest() == about["digest"]
            return about if whole and about["rows"] else None
        except (OSError, ValueError, KeyError, TypeError, UserError):
            return None

    def make(self, chunk: int, apply: Callable[..., Any]) -> dict[str, Any]:
        """Decodes the pictures and writes the file; returns what is known of it."""
        start, stop = self.ends
        self.notes.unlink(missing_ok=True)
        digest, reasons, labels = hashlib.blake2b(digest_size=16), [], []
        pixels = np.empty((min(chunk, stop - start), *self.pictures.shape), np.uint8)
        with replacing(self.path) as temporary, _writer(temporary) as write:
            for first in range(start, stop, chunk):
                last = min(first + chunk, stop)
                why, more = self.pictures.read(first, last, pixels[: last - first])
                used = pixels[: why.count(None)]
                digest.update(used.data)
                for record in apply(lambda row: encode(row, self.encoding), used):
                    write(record)
                reasons, labels = reasons + why, labels + more
        about = {
            "made_of": self.made_of,
            "rows": reasons.count(None),
            "digest": digest.hexdigest(),
            "reasons": reasons,
            "labels": labels,
        }
        write_text(self.notes, json.dumps(about))
        return about


@contextlib.contextmanager
def _writer(path):
    """A function that writes a record into a new file; OSError where it cannot."""
    writer = array_record().ArrayRecordWriter(str(path), UNCOMPRESSED)
    try:
        yield writer.write
        writer.close()
    except RuntimeError as error:
        raise OSError(None, printable(str(error))) from error
