"""Decoding of films: animated pictures with Pillow, other films with PyAV.

A film becomes frames at equal distances in time. A frame of a GIF that is shown for
twice as long as the shortest one therefore becomes two.
"""

import importlib.util
import os
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageSequence

from kgan.data.decoding import formats
from kgan.data.decoding.opening import LARGEST_MEGAPIXELS, UnusablePicture, opened
from kgan.data.decoding.picture import Transform, fitted, read_header
from kgan.pictures import FRAME_MILLISECONDS
from kgan.sizes import Size
from kgan.typing import PathLike

VIDEOS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ogv")
NEEDED = "pip install 'kgan[video]'"
MOST_FRAMES = 20_000  # of one film: what comes after them is not read
MOST_REPEATS = 50  # of a frame of an animation that stands still
TOGETHER = 64  # frames that are brought to their size at once


class Film(NamedTuple):
    """The frames of a film.

    Attributes:
        frames: uint8 (n, H, W, 3).
        milliseconds: for which each is shown.
    """

    frames: np.ndarray
    milliseconds: int


def unread(suffix: str) -> str:
    """Returns why files with this suffix are no frames of films, or "" if they are."""
    if suffix.lower() in VIDEOS:
        known = importlib.util.find_spec("av")
        return "" if known else f"of suffix {suffix.lower()}, which needs {NEEDED}"
    return formats.unread(suffix)


def is_video(path: PathLike) -> bool:
    """Whether a path has the suffix of a film that PyAV reads."""
    return os.path.splitext(os.fspath(path))[1].lower() in VIDEOS


def is_film(path: PathLike) -> bool:
    """Whether a file holds several frames.

    Raises:
        UnusablePicture: it cannot be read.
    """
    return is_video(path) or read_header(path).several


def film_size(path: PathLike) -> Size:
    """Returns the height and width of a film or a picture.

    Raises:
        UnusablePicture: it cannot be read.
    """
    if not is_video(path):
        return read_header(path).size
    for image, _ in _video(path):
        return Size(image.height, image.width)
    raise UnusablePicture("holds no frame")


def read_film(path: PathLike, size: Size, fit: str = "crop") -> Film:
    """Reads the frames of a film, each brought to `size` as pictures are.

    Args:
        path: of an animated picture or a film.
        size: of the frames.
        fit: of `kgan.sizes.FITS`.

    Raises:
        UnusablePicture: it is none, or damaged.
    """
    transform = Transform(size, 3, fit)
    images = _video(path) if is_video(path) else _animation(path)
    parts, some, durations = [], [], []
    for image, duration in images:
        some.append(np.asarray(image.convert("RGB")))
        durations.append(max(1, duration))
        if len(some) == TOGETHER:
            parts.append(fitted(np.stack(some), transform))
            some = []
        if len(durations) == MOST_FRAMES:
            break
    if some:
        parts.append(fitted(np.stack(some), transform))
    if not parts:
        raise UnusablePicture("holds no frame")
    step = min(durations)
    times = np.clip(np.rint(np.array(durations) / step), 1, MOST_REPEATS).astype(int)
    return Film(np.concatenate(parts).repeat(times, axis=0)[:MOST_FRAMES], step)


def with_channels(frames: np.ndarray, channels: int) -> np.ndarray:
    """Returns frames uint8 (n, H, W, 3) with 3 channels, or with one, their grey."""
    return fitted(frames, Transform(Size(*frames.shape[1:3]), channels))


def _animation(path) -> Iterator[tuple[Image.Image, int]]:
    with opened(path) as image:
        for frame in ImageSequence.Iterator(image):
            yield frame, int(frame.info.get("duration") or FRAME_MILLISECONDS)


def _video(path) -> Iterator[tuple[Image.Image, int]]:
    try:
        import av  # pyright: ignore[reportMissingImports] an extra
    except ImportError:
        raise UnusablePicture(f"needs {NEEDED}") from None
    try:
        with av.open(os.fspath(path)) as container:
            stream = container.streams.video[0]
            if stream.width * stream.height > LARGEST_MEGAPIXELS * 1_000_000:
                raise UnusablePicture(f"larger than {LARGEST_MEGAPIXELS} megapixels")
            duration = round(1000 / float(stream.average_rate or 10))
            for frame in container.decode(stream):
                # Of a phone that was held upright; PyAV tells it from version 14 on.
                turned, image = getattr(frame, "rotation", 0), frame.to_image()
                yield image.rotate(turned, expand=True) if turned else image, duration
    except UnusablePicture:
        raise
    # Files come from anywhere: one bad file must not end the run.
    except Exception as error:
        raise UnusablePicture(f"damaged: {error}") from error
