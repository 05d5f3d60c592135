"""Where decoded pixels are kept: in memory, or in a mapped file if they are many."""

import dataclasses
import os
import pathlib
import shutil
import tempfile
import typing

import numpy as np

from kgan.data.images import readable_size
from kgan.errors import UserError


@dataclasses.dataclass(frozen=True)
class Storage:
    """Hands out room for pixels.

    Attributes:
        memory_limit: bytes that may be held in memory; None for half of what is
            available now.
        cache_dir: folder for the mapped file; None for the temporary folder.
        say: called with one line when a mapped file is used.
    """

    memory_limit: int | None = None
    cache_dir: str | os.PathLike | None = None
    log: typing.Callable[[str], None] = print

    def room(self, shape):
        """Return a writable uint8 array of `shape`, (N, H, W, C).

        Raises:
            UserError: if the mapped file cannot be written or has no space.
        """
        needed = int(np.prod(shape, dtype=np.int64))
        limit = self.memory_limit
        if limit is None:
            limit = available_memory() // 2
        if needed <= limit:
            return np.empty(shape, np.uint8)
        folder = pathlib.Path(self.cache_dir or tempfile.gettempdir()).expanduser()
        pixels = _mapped(shape, needed, folder)
        self.log(
            f"the pixels need {readable_size(needed)}, more than the limit of "
            f"{readable_size(limit)} of memory: they lie in a temporary file in {folder}"
        )
        return pixels


def available_memory():
    """Bytes of memory that new allocations can get without swapping."""
    try:
        with open("/proc/meminfo") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass  # Not Linux: the physical memory is the best that is known.
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _mapped(shape, needed, folder):
    """Map a new file of `needed` bytes in `folder`, or raise a UserError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A sparse file on a full disk kills the process only at some later write.
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise UserError(
                f"the pixels need {readable_size(needed)}, but {folder} has "
                f"{readable_size(free)} free: choose another cache folder, "
                "a smaller image size or fewer images",
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
            f"cannot keep pixels in {folder} ({error.strerror}): "
            "choose a cache folder that can be written to",
            exit_code=1,
        ) from error
