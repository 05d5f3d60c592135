"""From what the user calls a data set to `Images`."""

import os
import pathlib

from kgan.data.decoding import size
from kgan.data.decoding.storage import Storage
from kgan.data.sources.catalog import find_builder, is_known
from kgan.data.sources.digits_home import prepared_digits
from kgan.data.sources.folder import load_folder
from kgan.data.sources.tfds import load_tfds


def load(
    dataset,
    *,
    split="train",
    image_size=0,
    channels=0,
    data_dir=None,
    download=False,
    cache_dir=None,
    memory_limit=None,
    log=print,
):
    """Decode a data set once.

    Images of another size are scaled by the rule of `kgan.data.decoding.picture`: the
    largest centred square, scaled with antialiasing.

    Args:
        dataset: "digits"; a TFDS set such as "mnist", "name:version" or
            "name/config"; or a folder of images. A name that TFDS knows is never
            a folder: write "./mnist" for a folder that is called so.
        split: "train", "test", or whatever else the set has.
        image_size: side in pixels, a multiple of 4 from 8 to 256; 0 for the
            data's own if that is one up to 128, else 64 or 32, whichever suits.
        channels: 1 for grey, 3 for colour, 0 for the data's own.
        data_dir: folder of prepared TFDS sets; None for TFDS_DATA_DIR or TFDS's
            default.
        download: whether TFDS may fetch a set that is not prepared. Nothing
            else touches the network.
        cache_dir: folder for pixels beyond `memory_limit`; None for the
            temporary folder.
        memory_limit: bytes of pixels to hold in memory; None for half of what
            is available.
        say: called with each line that is meant for the user.

    Returns:
        An `Images`.

    Raises:
        UserError: if an argument, the data set or its files cannot be used.
    """
    size.check_side(image_size)
    size.check_channels(channels)
    wanted = {"split": split, "image_size": image_size, "channels": channels}
    storage = Storage(memory_limit, cache_dir, log)
    dataset = os.fspath(dataset)
    if is_folder(dataset):
        images = load_folder(dataset, **wanted, storage=storage, log=log)
    else:
        builder = _builder(dataset, data_dir, download, log)
        images = load_tfds(builder, **wanted, storage=storage)
    log(images.describe())
    return images


def _builder(dataset, data_dir, download, log):
    if dataset == "digits":
        return prepared_digits(data_dir)
    return find_builder(dataset, data_dir=data_dir, download=download, log=log)


def has_split(dataset, split, *, data_dir=None, download=False, log=print):
    """Whether the data set that `load` would take has such a split."""
    if is_folder(dataset):
        root = pathlib.Path(dataset).expanduser()
        return all((root / name).is_dir() for name in ("train", "test", split))
    return split in _builder(dataset, data_dir, download, log).info.splits


def is_folder(dataset):
    """Whether `dataset` means a folder, not a name."""
    if dataset.startswith((".", "~", os.sep)):
        return True
    # "emnist/letters" is a data set, "photos/letters" a folder.
    return (os.sep in dataset or os.path.isdir(dataset)) and not is_known(dataset)
