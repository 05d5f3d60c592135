"""Decoding of many pictures by threads, in order, without the unusable ones."""

import concurrent.futures
import itertools
import sys
import warnings
from collections.abc import Iterable

import numpy as np
import tqdm
from PIL import Image

from kgan.data.decoding import picture

# Encoded pictures held at once: enough to keep the threads busy.
CHUNK = 256
# Fewer than this are read before anybody looks for a progress bar.
PROGRESS_FROM = 2_001


def read_headers(
    sources: Iterable[picture.Source], count: int
) -> list[picture.Header | str]:
    """Read the header of every source.

    Args:
        sources: iterable of paths or binary streams.
        count: how many there are, for the progress bar.

    Returns:
        A list with a `picture.Header`, or the reason as a str, per source.
    """
    return list(_attempts(picture.read_header, sources, count, "looking"))


def read_squares(
    sources: Iterable[picture.Source], pixels: np.ndarray, half: str | None = None
) -> list[str | None]:
    """Decode every source into `pixels`, without gaps.

    Args:
        sources: iterable of at most len(pixels) paths or binary streams.
        pixels: uint8 array (N, side, side, channels) that is written to.
        half: as `picture.read_square` takes it.

    Returns:
        A list with None, or the reason as a str, per source. The usable ones
        fill the beginning of `pixels`, in order.
    """
    _, side, _, channels = pixels.shape

    def decode(source):
        return picture.read_square(source, side, channels, half)

    reasons, filled = [], 0
    for result in _attempts(decode, sources, len(pixels), "decoding"):
        usable = isinstance(result, np.ndarray)
        if usable:
            pixels[filled] = result
            filled += 1
        reasons.append(None if usable else result)
    return reasons


def _attempts(function, sources, count, verb):
    """Yield function(source), or the reason as a str, per source and in order."""

    def attempt(source):
        try:
            return function(source)
        except picture.UnusablePicture as error:
            return str(error)

    quiet = count < PROGRESS_FROM or not sys.stderr.isatty()
    sources = iter(sources)
    with (
        concurrent.futures.ThreadPoolExecutor() as pool,
        tqdm.tqdm(total=count, desc=verb, unit=" images", disable=quiet) as bar,
        warnings.catch_warnings(),
    ):
        # Such a file is left out, and the reason is given there.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        # In chunks, because `pool.map` would drain the whole iterable at once.
        while chunk := list(itertools.islice(sources, CHUNK)):
            yield from pool.map(attempt, chunk)
            bar.update(len(chunk))
