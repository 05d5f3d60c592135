"""Loading of clips: moving digits by their name, or a folder of films."""

import dataclasses
import os
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding import films
from kgan.data.decoding.opening import UnusablePicture
from kgan.data.decoding.picture import Transform, read_picture
from kgan.data.decoding.size import Drawable, Shape
from kgan.data.decoding.storage import Storage
from kgan.data.kinds import Frames
from kgan.data.sources.arrays import Columns, one_group
from kgan.data.sources.catalog import find_builder
from kgan.data.sources.digits import SPLITS, load_digits
from kgan.data.sources.listing import natural
from kgan.data.sources.moving import SHARE, MovingDigits, moving
from kgan.data.sources.places import is_folder
from kgan.data.sources.splits import read_split, split_names
from kgan.data.sources.tfds import load_tfds
from kgan.errors import UserError, few, printable
from kgan.sizes import Size, SizeLike
from kgan.typing import Log, PathLike

SIDE = 32  # of frames of moving digits
LENGTH = 16  # frames of a clip
HELD_OUT = 10  # one film of so many is held out; of a single one, the last such share


class Moving(NamedTuple):
    """What a name of moving digits stands for.

    Attributes:
        origin: the data set of the digits.
        count: digits in a clip.
    """

    origin: str
    count: int


CLIPS = {
    "moving_digits": Moving("digits", 2),
    "one_moving_digit": Moving("digits", 1),
    "moving_mnist": Moving("mnist", 2),
    "one_moving_mnist": Moving("mnist", 1),
}


def load_clips(
    dataset: PathLike,
    *,
    frames: int = LENGTH,
    split: str = "train",
    image_size: SizeLike = 0,
    fit: str = "crop",
    channels: int = 0,
    drawable: Drawable | None = None,
    data_dir: PathLike | None = None,
    log: Log = print,
) -> Dataset:
    """Loads clips of equally many frames.

    Args:
        dataset: "moving_digits" or "one_moving_digit", of the digits that come with
            kgan; "moving_mnist" or "one_moving_mnist", of those of MNIST; or a folder of
            films: animated GIFs, other films if PyAV is installed, and folders of
            numbered pictures, a film each. It may have the subfolders train and test.
        frames: of a clip. Films are cut into clips that overlap by half.
        split: "train" or "test".
        image_size: of the frames, as `kgan.data.load` takes it.
        fit: what becomes of frames of another shape, as `kgan.data.load` takes it.
        channels: 1 for grey, 3 for colour, 0 for the data's own.
        drawable: a `kgan.networks.sides.Sides` that a network can draw; None for all.
        data_dir: folder of prepared TFDS sets, for MNIST.
        log: called with each line that is meant for the user.

    Returns:
        A `Dataset` with the field "real", of the kind `Frames`. Clips of other digits, of
        the split "test", or of the last films are held out.

    Raises:
        UserError: there are no such data, or they cannot be used.

    Example:
        data = kgan.data.load_clips("moving_digits", frames=14)
        data.held_out["real"]  # uint8 (512, 14, 32, 32, 1)
    """
    name = os.fspath(dataset)
    shape = Shape.of(image_size, channels, fit, drawable)
    if name in CLIPS:
        data = _moving(name, frames, split, shape, data_dir)
    elif is_folder(name):
        data = _folder(name, frames, split, shape, log)
    else:
        raise UserError(
            f"dataset={name}",
            "no such clips",
            f"use {', '.join(CLIPS)}, or a folder of films",
        )
    log(data.describe())
    return data


def _moving(name, frames, split, shape, data_dir):
    if split not in SPLITS:
        raise UserError(f"split={split}", f"{name} has the splits train and test")
    if shape.channels == 3:
        raise UserError("channels=3", f"{name} is grey", "use 1, or 0")
    size = shape.chosen([Size(SIDE, SIDE)])
    if size.height != size.width:
        raise UserError(f"image_size={size}", f"{name} flies in squares")
    other = next(one for one in SPLITS if one != split)
    parts = [
        moving_digits(name, frames, size.height, split=part, data_dir=data_dir)
        for part in (split, other)
    ]
    return moving(parts[0], parts[1], name)


def moving_digits(
    name: str,
    frames: int,
    side: int = SIDE,
    *,
    split: str = "train",
    data_dir: PathLike | None = None,
) -> MovingDigits:
    """Returns what draws the clips of a name of `CLIPS`, of the digits of a split."""
    origin, count = CLIPS[name]
    digits = _digits(origin, split, round(SHARE * side), data_dir)
    pixels, labels = digits["real"][..., 0], digits["label"]
    return MovingDigits(pixels, labels, side, count, frames)


def _digits(origin, split, side, data_dir):
    def quiet(line):
        return None

    shape = Shape.of(side, 1)
    if origin == "digits":
        return load_digits(split, shape, quiet)
    builder = find_builder(origin, data_dir=data_dir, download=False, log=quiet)
    storage = Storage(log=quiet)
    return load_tfds(builder, split=split, shape=shape, storage=storage, log=quiet)


class _Films(NamedTuple):
    """The films of a folder: (name, frames uint8 (n, H, W, 3)) each, and what is not used."""

    films: list[tuple[str, np.ndarray]]
    left_out: tuple[str, ...]
    size: Size


def _folder(path, frames, split, shape, log):
    found = _read(path, split, shape)
    others = [one for one in split_names(path, films.unread) if one != split]
    rest = found.films
    if others:
        held = _read(
            path, others[-1], dataclasses.replace(shape, size=found.size)
        ).films
    else:
        rest, held = _parted(found.films, frames)
    channels = shape.channels or (1 if all(map(_is_grey, found.films)) else 3)
    clips, short = _cut(rest, frames, found.size, channels)
    if not len(clips):
        raise UserError(
            f"dataset={path}",
            f"has no film of {frames} frames or more ({few([*found.left_out, *short])})",
            "use longer films, or fewer frames",
            exit_code=1,
        )
    if found.left_out or short:
        told = few([*found.left_out, *short])
        log(f"left out {len(found.left_out) + len(short)}: {told}")
    unseen, _ = _cut(held, frames, found.size, channels)
    name = printable(os.path.basename(os.path.abspath(os.path.expanduser(path))))
    columns: Columns = {"real": (clips, Frames())}
    kept = one_group(name, {"real": (unseen, Frames())}) if len(unseen) else None
    left_out = (*found.left_out, *short)
    return one_group(name, columns, held_out=kept, left_out=left_out)


def _read(path, split, shape):
    """The `_Films` of a split of a folder."""
    listing = read_split(path, split, films.unread)
    left_out, alone, of_folders, sizes = [], [], {}, []
    for parts, full in zip(listing.files, listing.paths(), strict=True):
        try:
            sizes.append(films.film_size(full))
            if films.is_film(full):
                alone.append(("/".join(parts), full))
            else:
                of_folders.setdefault(parts[:-1], []).append(full)
        except UnusablePicture as error:
            left_out.append(f"{printable('/'.join(parts))}: {error}")
    if not sizes:
        why = few(left_out or listing.told()) or "it is empty"
        raise UserError(
            f"dataset={path}",
            f"has no films: {why}",
            "give GIFs, or folders of pictures",
        )
    size, read = shape.chosen(sizes), []
    for name, full in alone:
        try:
            read.append((name, films.read_film(full, size, shape.fit).frames))
        except UnusablePicture as error:
            left_out.append(f"{printable(name)}: {error}")
    transform = Transform(size, 3, shape.fit)
    for parts, pictures in of_folders.items():
        try:
            numbered = sorted(pictures, key=lambda one: natural(os.path.basename(one)))
            frames = [read_picture(one, transform) for one in numbered]
            read.append(("/".join(parts) or ".", np.stack(frames)))
        except UnusablePicture as error:
            left_out.append(f"{printable('/'.join(parts))}: {error}")
    return _Films(read, tuple(left_out), size)


def _parted(read, frames):
    """(films, films that are held out): the last ones, or the end of a single one."""
    if len(read) > 1:
        held = max(1, len(read) // HELD_OUT)
        return read[:-held], read[-held:]
    if not read:
        return [], []
    ((name, film),) = read
    kept = max(frames, len(film) // HELD_OUT)
    if len(film) < kept + frames:
        return read, []
    return [(name, film[:-kept])], [(name, film[-kept:])]


def _cut(read: Sequence[tuple[str, np.ndarray]], frames, size, channels):
    """(clips, uint8 (n, frames, H, W, C); a line for each film that is too short)."""
    clips, short = [], []
    for name, film in read:
        starts = range(0, len(film) - frames + 1, max(1, frames // 2))
        if not starts:
            short.append(f"{printable(name)}: {len(film)} frames")
        whole = films.with_channels(film, channels)
        clips += [whole[start : start + frames] for start in starts]
    if not clips:
        return np.zeros((0, frames, *size, channels), np.uint8), short
    return np.stack(clips), short


def _is_grey(film):
    frames = film[1]
    return bool((frames == frames[..., :1]).all())
