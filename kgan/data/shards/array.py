"""An array whose rows lie in files of records; only those that are asked for are read."""

import hashlib
import io
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import PIL.Image

from kgan.errors import UserError, printable

# For rows in any order: nothing is read that was not asked for.
RANDOM_ACCESS = "readahead_buffer_size:0,max_parallelism:0"
BUFFER = 32_768  # bytes of a file that are read together
AGAIN = "run the bin/prepare_data that made it again, which mends it"
ENCODINGS = ("raw", "png")


def array_record() -> Any:
    """Returns the module that reads and writes files of records.

    Raises:
        UserError: there is none for this system.
    """
    try:
        from array_record.python import array_record_module
    except ImportError as error:
        raise UserError(
            "shards",
            f"need the package array_record, which cannot be imported ({error})",
            "install it, or use the folder of images itself",
            exit_code=1,
        ) from error
    return array_record_module


class File(NamedTuple):
    """One file of records.

    Attributes:
        path: where it lies.
        rows: how many records it has.
    """

    path: Path
    rows: int


class ShardedArray:
    """Rows of an array, uint8 (n, H, W, C), in files of records.

    It can be indexed as a NumPy array by its rows: by a number, a slice, numbers or
    bools; what comes back is an array in memory. Several threads may read.

    Args:
        files: the `File`s, in the order of the rows.
        shape: of one row.
        encoding: "raw" or "png".
        digest: stands for the content of all rows.
        numbers: the rows of the files that are meant, int64 (n,); None for all.
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self,
        files: Sequence[File],
        shape: tuple[int, ...],
        encoding: str,
        digest: str,
        numbers: np.ndarray | None = None,
    ) -> None:
        self.files, self.encoding, self.digest = tuple(files), encoding, digest
        self._ends = np.cumsum([one.rows for one in self.files])
        self._numbers, self._one = numbers, tuple(shape)
        self._readers: dict[int, tuple[Any, threading.Lock]] = {}
        self._opening = threading.Lock()

    def __len__(self) -> int:
        if self._numbers is not None:
            return len(self._numbers)
        return sum(one.rows for one in self.files)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all rows, (n, H, W, C)."""
        return len(self), *self._one

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self) * int(np.prod(self._one))

    @property
    def nbytes(self) -> int:
        """The bytes that all rows would take in memory."""
        return self.size * self.dtype.itemsize

    def __getitem__(self, key: Any) -> np.ndarray:
        numbers = self._chosen(key)
        found = np.empty((np.size(numbers), *self._one), self.dtype)
        flat = np.atleast_1d(numbers)
        files = np.searchsorted(self._ends, flat, side="right")
        for number in np.unique(files):
            places = np.flatnonzero(files == number)
            first = self._ends[number] - self.files[number].rows
            for place, row in zip(
                places, self._read(number, flat[places] - first), strict=True
            ):
                found[place] = row
        return found if np.ndim(numbers) else found[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self[:], dtype)

    def part(self, key: Any) -> "ShardedArray":
        """Returns some of the rows, a slice, numbers or bools; nothing is read."""
        numbers = np.atleast_1d(self._chosen(key))
        digest = hashlib.blake2b(self.digest.encode(), digest_size=16)
        digest.update(np.ascontiguousarray(numbers).data)
        return ShardedArray(
            self.files, self._one, self.encoding, digest.hexdigest(), numbers
        )

    def _chosen(self, key):
        """The numbers, in the files, of the rows that a key of an array stands for."""
        if self._numbers is not None:
            return self._numbers[key]
        if isinstance(key, slice):
            return np.arange(*key.indices(len(self)))
        key = np.asarray(key)
        if key.dtype == np.bool_:
            return np.arange(len(self))[key]
        if key.size and not -len(self) <= key.min() <= key.max() < len(self):
            raise IndexError(f"a row of {key} is outside of {len(self)}")
        return np.where(key < 0, key + len(self), key).astype(np.int64)

    def _read(self, number, places):
        """The decoded rows of one file, an iterator."""
        path = self.files[number].path
        try:
            reader, lock = self._reader(number)
            with lock:
                records = [_record(reader, place) for place in places.tolist()]
            for record in records:
                yield decode(record, self._one, self.encoding)
        except (RuntimeError, IndexError, ValueError, OSError) as error:
            raise damaged(path, error) from error

    def _reader(self, number):
        with self._opening:
            if number not in self._readers:
                self._readers[number] = self._open(self.files[number]), threading.Lock()
            return self._readers[number]

    def _open(self, file):
        reader = array_record().ArrayRecordReader(
            str(file.path), RANDOM_ACCESS, file_reader_buffer_size=BUFFER
        )
        if reader.num_records() != file.rows:
            raise ValueError(f"{reader.num_records()} of {file.rows} records")
        return reader


def _record(reader, place):
    """One record, in a third of the time of `reader.read([place])`, which uses threads."""
    reader.seek(place)
    return reader.read()


def pieces(array: Any) -> Iterator[Any]:
    """Yields what stands for the content of an array: bytes, some after the other.

    Of a `ShardedArray` that is its digest, of others all values.
    """
    if isinstance(array, ShardedArray):
        yield array.digest.encode()
        return
    for rows in np.array_split(array, max(1, array.nbytes >> 26)):
        yield np.ascontiguousarray(rows).data


def decode(record: bytes, shape: tuple[int, ...], encoding: str) -> np.ndarray:
    """Returns the row of a record, uint8 of `shape`; raises ValueError or OSError."""
    if encoding == "raw":
        return np.frombuffer(record, np.uint8).reshape(shape)
    with PIL.Image.open(io.BytesIO(record), formats=["PNG"]) as image:
        return np.asarray(image).reshape(shape)


def encode(row: np.ndarray, encoding: str) -> bytes:
    """Returns the record of a row, uint8 (H, W, 1 or 3)."""
    if encoding == "raw":
        return row.tobytes()
    file = io.BytesIO()
    PIL.Image.fromarray(row.squeeze(-1) if row.shape[-1] == 1 else row).save(
        file, "PNG"
    )
    return file.getvalue()


def damaged(path: Path, why: object) -> UserError:
    """Returns the UserError about a file that does not hold what it should."""
    return UserError(
        path, f"is damaged ({printable(str(why))[:200]})", AGAIN, exit_code=1
    )
