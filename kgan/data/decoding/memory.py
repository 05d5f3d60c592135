"""Free memory, and arrays that TensorFlow can use without a copy."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from kgan.typing import PathLike

ALIGNMENT = 64  # bytes: what TensorFlow's operations on a CPU insist on

# Of each version of control groups: its mounts, then the files of a group that hold
# the limit and the use, and the line of memory.stat that counts the file cache which
# the kernel gives back when asked.
_VERSION_2 = (
    ("sys/fs/cgroup", "sys/fs/cgroup/unified"),
    ("memory.max", "memory.current", "inactive_file"),
)
_VERSION_1 = (
    ("sys/fs/cgroup/memory",),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def available_memory(root: PathLike = "/") -> int:
    """Returns the bytes that can be allocated without swapping or being killed.

    It is the free memory of the machine, or what the limits of this process' control
    groups (such as a container's) leave, whichever is less.

    Args:
        root: the folder that holds proc and sys.
    """
    root = Path(root)
    return max(0, min([_machine(root), *_left_by_groups(root)]))


def _machine(root):
    found = _statistic(root / "proc/meminfo", "MemAvailable:")
    if found is not None:
        return found * 1024
    # Not Linux: the physical memory is the best that is known.
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left_by_groups(root):
    """Yields the free bytes of each limited group above this process."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, controllers, group = line.split(":", 2)
        if number == "0":
            mounts, names = _VERSION_2
        elif "memory" in controllers.split(","):
            mounts, names = _VERSION_1
        else:
            continue
        group = Path(group.lstrip("/"))
        for mount in mounts:
            # In a container the group's path may be the host's, of which nothing but
            # the mount itself, which is the container's group, can be seen.
            for path in (group, *group.parents):
                yield from _left(root / mount / path, *names)


def _left(folder, limit, used, reclaimable):
    limit, used = _number(folder / limit), _number(folder / used)
    if limit is not None and used is not None:
        cache = _statistic(folder / "memory.stat", reclaimable) or 0
        yield limit - used + cache


def _text(path):
    try:
        return path.read_text()
    except OSError:
        return ""


def _number(path):
    """The number in a file; None for "max", or where there is no such file."""
    text = _text(path).strip()
    return int(text) if text.isdigit() else None


def _statistic(path, name):
    """The number behind `name` in a file of such lines, or None."""
    for line in _text(path).splitlines():
        if line.split()[:1] == [name]:
            return int(line.split()[1])
    return None


def aligned(shape: tuple[int, ...], dtype: DTypeLike = np.uint8) -> np.ndarray:
    """Returns a new array with undefined values, its first byte at a multiple of 64.

    NumPy's own arrays start at multiples of 16.
    """
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    held = np.empty(size + ALIGNMENT, np.uint8)
    start = -held.ctypes.data % ALIGNMENT
    return held[start : start + size].view(dtype).reshape(shape)


def is_aligned(array: np.ndarray) -> bool:
    """Whether TensorFlow can use the memory of `array` without a copy."""
    flags = array.flags
    return flags.c_contiguous and flags.writeable and not array.ctypes.data % ALIGNMENT
