"""Storage of decoded pixels: in memory, or in a mapped file if they are many."""

import dataclasses
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from kgan.data.dataset import readable_size
from kgan.data.decoding.memory import aligned, available_memory
from kgan.errors import UserError


class Pictures(Protocol):
    """Pictures that can be decoded, any part of them, in their order.

    Attributes:
        count: how many there are.
        shape: that all of them are brought to, (H, W, C).
    """

    count: int
    shape: tuple[int, ...]

    def read(
        self, start: int, stop: int, pixels: np.ndarray
    ) -> tuple[list[str | None], list[int]]:
        """Decodes the pictures from `start` to before `stop`.

        Args:
            start: from 0.
            stop: the end.
            pixels: uint8 (stop - start, H, W, C); the usable ones fill its beginning.

        Returns:
            (None, or the reason why it is not usable, for each; the labels, [] for none).
        """
        ...

    def origin(self, start: int, stop: int) -> str:
        """Returns a text that is another one if the pixels may be others."""
        ...


class Decoded(NamedTuple):
    """What became of some `Pictures`.

    Attributes:
        pixels: the usable ones, uint8 (n, H, W, C).
        reasons: None, or the reason why it is not usable, for each.
        labels: of each, [] where they have none.
    """

    pixels: Any
    reasons: list[str | None]
    labels: list[int]


@dataclasses.dataclass(frozen=True)
class Storage:
    """Hands out room for pixels.

    Attributes:
        memory_limit: bytes that may be held in memory; None for half of what is
            available now.
        cache_dir: folder for the mapped file; None for the temporary folder.
        log: called with one line when a mapped file is used.
        keeps: whether decoded pictures of files may be kept for the next start.
    """

    memory_limit: int | None = None
    cache_dir: str | os.PathLike | None = None
    log: Callable[[str], None] = print
    keeps: bool = True

    def decoded(self, pictures: Pictures) -> Decoded:
        """Returns the usable ones of some pictures."""
        pixels = self.room((pictures.count, *pictures.shape))
        reasons, labels = pictures.read(0, pictures.count, pixels)
        return Decoded(pixels[: reasons.count(None)], reasons, labels)

    def room(self, shape: tuple[int, ...]) -> np.ndarray:
        """Returns a writable uint8 array of `shape`, (N, H, W, C), with undefined values.

        It starts at a multiple of 64 bytes, so that TensorFlow can share its memory.

        Raises:
            UserError: if the mapped file cannot be written or has no space.
        """
        needed = int(np.prod(shape, dtype=np.int64))
        limit = self.memory_limit
        if limit is None:
            limit = available_memory() // 2
        if needed <= limit:
            return aligned(shape)
        folder = pathlib.Path(self.cache_dir or tempfile.gettempdir()).expanduser()
        choose = (
            "choose another `cache_dir`" if self.cache_dir else "set TMPDIR to another"
        )
        pixels = _mapped(shape, needed, folder, choose)
        self.log(
            f"the pixels need {readable_size(needed)}, more than the limit of "
            f"{readable_size(limit)} of memory: they lie in a temporary file in {folder}"
        )
        return pixels


def _mapped(shape, needed, folder, choose):
    """Maps a new file of `needed` bytes in `folder`, or raises a `UserError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A sparse file on a full disk kills the process only at some later write.
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise UserError(
                folder,
                f"has {readable_size(free)} free, but the pixels need "
                f"{readable_size(needed)}",
                f"{choose}, or take a smaller `image_size` or fewer images",
                exit_code=1,
            )
        with tempfile.NamedTemporaryFile(prefix="kgan-pixels-", dir=folder) as file:
            # Room that is not taken now could be gone when a page is written, and
            # the process would die of it.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, needed)
            # The name goes now, the data with the last map of it: even a killed
            # process leaves nothing behind.
            return np.memmap(file, np.uint8, "w+", shape=shape)
    except OSError as error:
        raise UserError(
            folder,
            f"cannot keep pixels ({error.strerror})",
            f"{choose} that can be written to",
            exit_code=1,
        ) from error
