"""Decoding of many pictures by threads, in order, without the unusable ones."""

import concurrent.futures
import itertools
import os
import sys
import time
import warnings
from collections.abc import Iterable, Sequence

import numpy as np
import tqdm

from kgan.data.decoding import picture
from kgan.data.decoding.opening import Source, UnusablePicture
from kgan.sizes import Size

# Encoded pictures held at once: enough to keep the threads busy.
CHUNK = 256
GROUP = 16  # given to a thread at once: handing over costs time as well
# Fewer than this are read before anybody looks for a progress bar.
PROGRESS_FROM = 2_001


def cores() -> int:
    """Returns how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_headers(sources: Iterable[Source], count: int) -> list[picture.Header | str]:
    """Read the header of every source.

    Args:
        sources: iterable of paths or binary streams.
        count: how many there are, for the progress bar.

    Returns:
        A list with a `picture.Header`, or the reason as a str, per source.
    """
    header = picture.read_header
    return list(_attempts(header, sources, count, "looking", in_memory=True))


def read_spans(
    sources: Iterable[Source], count: int
) -> list[tuple[float, float] | None | str]:
    """Find the least and the largest value of every picture with more than 8 bits.

    Args:
        sources: as `read_headers` takes them.
        count: how many there are, for the progress bar.

    Returns:
        A list with (least, largest), None for a picture of 8 bits, or the reason as a
        str, per source.
    """
    return list(_attempts(picture.read_span, sources, count, "looking for the range"))


def read_pictures(
    sources: Iterable[Source],
    pixels: np.ndarray,
    transform: picture.Transform,
    frames: Sequence[Size | None] | None = None,
) -> list[str | None]:
    """Decode every source into `pixels`, without gaps.

    Args:
        sources: iterable of at most len(pixels) paths or binary streams.
        pixels: uint8 array (N, H, W, C) that is written to.
        transform: a `picture.Transform` to (H, W) and C.
        frames: a frame for each source, as `picture.read_picture` takes it, or None.

    Returns:
        A list with None, or the reason as a str, per source. The usable ones
        fill the beginning of `pixels`, in order.
    """

    def decode(pair):
        return picture.read_picture(pair[0], transform, pair[1])

    pairs = zip(sources, frames or itertools.repeat(None), strict=False)
    reasons, filled = [], 0
    for result in _attempts(decode, pairs, len(pixels), "decoding"):
        usable = isinstance(result, np.ndarray)
        if usable:
            pixels[filled] = result
            filled += 1
        reasons.append(None if usable else result)
    return reasons


def _attempts(function, sources, count, verb, in_memory=False):
    """Yield function(source), or the reason as a str, per source and in order.

    What takes no longer than to open a file is done by one thread while files are
    `in_memory`, which shows in that it does not wait: several would wait for the
    interpreter's lock.
    """

    def attempt(source):
        try:
            return function(source)
        except UnusablePicture as error:
            return error.reason

    def attempts(group):
        return [attempt(source) for source in group]

    quiet = count < PROGRESS_FROM or not sys.stderr.isatty()
    sources = iter(sources)
    with (
        # More than one for each core would wait for the interpreter's lock.
        concurrent.futures.ThreadPoolExecutor(cores()) as pool,
        tqdm.tqdm(total=count, desc=verb, unit=" images", disable=quiet) as bar,
        warnings.catch_warnings(),
    ):
        # Where a file cannot be used, it is left out, and the reason is given there.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        # In chunks, because `pool.map` would drain the whole iterable at once.
        while chunk := list(itertools.islice(sources, CHUNK)):
            if in_memory:
                start, busy = time.perf_counter(), time.thread_time()
                found = attempts(chunk)
                wall, busy = time.perf_counter() - start, time.thread_time() - busy
                in_memory = busy > wall / 2
            else:
                groups = [chunk[i : i + GROUP] for i in range(0, len(chunk), GROUP)]
                found = itertools.chain.from_iterable(pool.map(attempts, groups))
            yield from found
            bar.update(len(chunk))
