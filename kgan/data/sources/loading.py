"""Loading of a data set by its name or folder."""

import os
import pathlib

from kgan.data.dataset import Dataset
from kgan.data.decoding.size import Drawable, Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources import points
from kgan.data.sources.catalog import find_builder, is_known
from kgan.data.sources.digits import SPLITS, load_digits
from kgan.data.sources.folder import load_folder
from kgan.data.sources.tfds import load_tfds
from kgan.errors import UserError
from kgan.typing import Log, PathLike

POINTS = {"ring": points.ring, "grid": points.grid}
BUILT_IN = ("digits", *POINTS)


def load(
    dataset: PathLike,
    *,
    split: str = "train",
    image_size: int = 0,
    channels: int = 0,
    drawable: Drawable | None = None,
    data_dir: PathLike | None = None,
    download: bool = False,
    cache_dir: PathLike | None = None,
    memory_limit: int | None = None,
    log: Log = print,
) -> Dataset:
    """Loads a data set by its name, or a folder of images, and decodes it once.

    Images of another size are scaled by the rule of `kgan.data.decoding.picture`: the
    largest centred square, scaled with antialiasing.

    Args:
        dataset: "digits"; "ring" or "grid", points of mixtures; a TFDS set such as
            "mnist", "name:version" or "name/config"; or a folder of images. A name that
            TFDS knows is never a folder: write "./mnist" for a folder of that name.
        split: "train", "test", or whatever else the set has.
        image_size: side in pixels; 0 for the data's own if that is drawable and at most
            128, else 64 or 32, whichever suits.
        channels: 1 for grey, 3 for colour, 0 for the data's own.
        drawable: a `kgan.networks.sides.Sides` that a network can draw; None for all.
        data_dir: folder of prepared TFDS sets; None for TFDS_DATA_DIR or TFDS's
            default.
        download: whether TFDS may fetch a set that is not prepared. Nothing
            else touches the network.
        cache_dir: folder for pixels beyond `memory_limit`; None for the
            temporary folder.
        memory_limit: bytes of pixels to hold in memory; None for half of what
            is available.
        log: called with each line that is meant for the user.

    Returns:
        A `Dataset`.

    Raises:
        UserError: an argument, the data set or its files cannot be used.
    """
    storage = Storage(memory_limit, cache_dir, log)
    dataset = os.fspath(dataset)
    shape = Shape(image_size, channels, drawable)
    if dataset in POINTS:
        data = _points(dataset, split, shape)
    elif dataset == "digits":
        data = load_digits(split, shape)
    elif is_folder(dataset):
        data = load_folder(dataset, split=split, shape=shape, storage=storage, log=log)
    else:
        builder = find_builder(dataset, data_dir=data_dir, download=download, log=log)
        data = load_tfds(builder, split=split, shape=shape, storage=storage)
    log(data.describe())
    return data


def _points(name, split, shape):
    if shape.side or shape.channels:
        raise UserError(
            f"image_size={shape.side}" if shape.side else f"channels={shape.channels}",
            f"{name} holds points, no images",
            "leave it out",
        )
    if split not in SPLITS:
        raise UserError(f"split={split}", f"{name} has the splits train and test")
    data = points.mixture(POINTS[name](), name)
    assert data.held_out is not None  # every mixture has some
    return data if split == "train" else data.held_out


def has_split(
    dataset: str,
    split: str,
    *,
    data_dir: PathLike | None = None,
    download: bool = False,
    log: Log = print,
) -> bool:
    """Whether the data set that `load` would load has the split."""
    if dataset in BUILT_IN:
        return split in SPLITS
    if is_folder(dataset):
        root = pathlib.Path(dataset).expanduser()
        return all((root / name).is_dir() for name in ("train", "test", split))
    found = find_builder(dataset, data_dir=data_dir, download=download, log=log)
    return split in found.info.splits


def is_folder(dataset: str) -> bool:
    """Whether `dataset` means a folder, not a name."""
    if dataset.startswith((".", "~", os.sep)):
        return True
    # "emnist/letters" is a data set, "photos/letters" a folder.
    return (os.sep in dataset or os.path.isdir(dataset)) and not is_known(dataset)
