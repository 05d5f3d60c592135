"""Loading of a data set by its name or folder."""

import functools
import os
from collections.abc import Sequence
from typing import Any

from kgan.data.dataset import Dataset
from kgan.data.decoding.size import Drawable, Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources import conditions, in_colour, messages, oracle, points, shards
from kgan.data.sources.captions import NOTHING, Asked
from kgan.data.sources.catalog import find_builder
from kgan.data.sources.classes import numbered_as, tell_lacking
from kgan.data.sources.clips import CLIPS
from kgan.data.sources.digits import SPLITS, load_digits
from kgan.data.sources.folder import load_folder
from kgan.data.sources.lines import is_lines, load_lines
from kgan.data.sources.places import is_folder
from kgan.data.sources.splits import SPELLINGS, split_names
from kgan.data.sources.tfds import load_tfds
from kgan.errors import UserError
from kgan.sizes import Size, SizeLike
from kgan.typing import Log, PathLike

# Data sets that are drawn when they are needed: name -> a function that makes one.
DRAWN = {
    "ring": lambda: points.mixture(points.ring(), "ring"),
    "grid": lambda: points.mixture(points.grid(), "grid"),
    **{
        f"messages{bits}": functools.partial(messages.messages, bits)
        for bits in messages.SIZES
    },
    oracle.NAME: oracle.dataset,
}
BUILT_IN = ("digits", *in_colour.NAMES, *DRAWN, *CLIPS)


def load(
    dataset: PathLike,
    *,
    split: str = "train",
    image_size: SizeLike = 0,
    fit: str = "crop",
    channels: int = 0,
    levels: Sequence[float] = (),
    classes: Sequence[str] = (),
    captions: bool = False,
    condition: Sequence[str] = (),
    attributes: Sequence[str] | None = None,
    units: str = "characters",
    drawable: Drawable | None = None,
    data_dir: PathLike | None = None,
    download: bool = False,
    cache_dir: PathLike | None = None,
    memory_limit: int | None = None,
    log: Log = print,
) -> Dataset:
    """Loads a data set by its name, or a folder of images, and decodes it once.

    Images of another size are brought to it by the rules of
    `kgan.data.decoding.picture`, with antialiasing.

    Args:
        dataset: "digits"; "coloured_digits" or "coloured_mnist", which have captions;
            "tinted_digits" or "tinted_fashion", which have classes and tints;
            "ring" or "grid", points of mixtures; "messages16", "messages32" or
            "messages64", random messages with keys; "oracle", lines of a small text
            whose probabilities are known; a TFDS set such as "mnist", "name:version" or
            "name/config"; a folder of images, as `kgan.data.sources.listing` reads it;
            shards, as `prepare` wrote them; or a text file, NAME.txt, a line each. A name
            that TFDS knows is never a folder: write "./mnist" for a folder of that name.
        split: "train", "test", or whatever else the set has.
        image_size: the side of squares in pixels, or (height, width); 0 for the data's
            own if all have one that is drawable and at most 128, else squares of 64 or
            32, whichever suits.
        fit: what becomes of images of another shape: "crop" takes the largest centred
            part, "pad" adds bars, "stretch" distorts.
        channels: 1 for grey, 3 for colour, 0 for the data's own.
        levels: the two values of pictures with more than 8 bits that become 0 and 255;
            () for the least and the largest of the whole set.
        classes: the names by which labels are numbered; () for the data's own, in their
            order.
        captions: whether the captions of a folder are read as well, the field "caption".
        condition: the attributes whose combinations become the classes, as
            `kgan.data.sources.conditions` makes them; () for the data's own classes.
        attributes: those that become the field "attributes", () for all; None for no
            such field.
        units: what the lines of a text file are made of, "characters" or "words".
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
        UserError: an argument, the data set or its files cannot be used, or a class is
            none of `classes`.
    """
    data = read(
        os.fspath(dataset),
        split,
        Shape.of(image_size, channels, fit, drawable),
        Storage(memory_limit, cache_dir, log),
        {"data_dir": data_dir, "download": download},
        levels,
        Asked(captions, bool(condition) or attributes is not None, units=units),
    )
    data = conditions.conditioned(data, tuple(condition), log)
    data = numbered_as(data, tuple(classes))
    if attributes is not None:
        data = conditions.attributed(data, attributes)
    for line in filter(None, (data.describe(), data.describe_classes())):
        log(line)
    return data


def load_held_out(
    dataset: PathLike,
    trained: Dataset,
    *,
    split: str = "train",
    most: int | None = None,
    fit: str = "crop",
    condition: Sequence[str] = (),
    units: str = "characters",
    data_dir: PathLike | None = None,
    log: Log = print,
) -> Dataset | None:
    """Loads images of a data set that are not in the split that is trained on.

    They are brought to the shape, the levels and the numbers of classes and words of
    `trained`.

    Args:
        dataset: as `load` takes it.
        trained: the `Dataset` that is trained on.
        split: of `trained`.
        most: about how many are enough; None for all.
        fit: as `load` takes it.
        condition: as `load` took it for `trained`.
        units: as `load` took them for `trained`.
        data_dir: as `load` takes it.
        log: called with a line about each class that they lack.

    Returns:
        A `Dataset` of the split "test", else "validation", or of "train" where `split` is "test";
        None where there is no other split.

    Raises:
        UserError: there is one and it cannot be used, or it has a class that `trained`
            has not.
    """
    dataset = os.fspath(dataset)
    other = other_split(dataset, split, data_dir=data_dir)
    if other is None:
        return None
    if dataset in DRAWN or is_lines(dataset):
        return load(dataset, split=other, units=units, log=lambda line: None)
    named = not is_folder(dataset) and dataset not in BUILT_IN
    *size, channels = trained.fields["real"].shape
    table = bool(condition) or "attributes" in trained
    data = read(
        dataset,
        f"{other}[:{most}]" if most and named else other,
        Shape(Size(*size), channels, fit),
        Storage(log=log),
        {"data_dir": data_dir, "download": False},
        trained.levels.get("real", ()),
        Asked("caption" in trained, table, trained, log=log),
        quietly=True,
    )
    strange = conditions.strange_attributes(data, trained, condition)
    if strange:
        told = f"in {other}, {' and '.join(strange)} has other options"
        log(f"{dataset}: nothing is held out: {told} than the training")
        return None
    data = conditions.numbered_like(data, trained, condition)
    if not most and not condition:
        tell_lacking(data, other, log)
    return data


def read(
    dataset: str,
    split: str,
    shape: Shape,
    storage: Any,
    tfds: dict[str, Any],
    levels: Sequence[float],
    asked: Asked = NOTHING,
    quietly: bool = False,
) -> Dataset:
    """Reads one split, whatever the data set is, with the classes that it has."""
    log = (lambda line: None) if quietly else storage.log
    if dataset in DRAWN:
        return _drawn(dataset, split, shape)
    if dataset in CLIPS:
        raise UserError(
            f"dataset={dataset}", "holds clips, no images", "use `variant=next_frame`"
        )
    if is_lines(dataset):
        data = load_lines(dataset, split, asked.units, log)
        _refuse_pictures(dataset, data, shape)
        return data
    if dataset == "digits":
        return load_digits(split, shape, log)
    if dataset in in_colour.NAMES:
        _check_split(dataset, split)

        def grey(name, shape):
            return read(name, split, shape, storage, tfds, (), quietly=True)

        return in_colour.load_in_colour(dataset, split, shape, grey, log)
    rest = {"split": split, "shape": shape, "storage": storage, "levels": levels}
    place = shards.place_of_shards(dataset)
    if place:
        return shards.load_shards(place, split, shape, levels, asked)
    if is_folder(dataset):
        return load_folder(dataset, log=log, asked=asked, **rest)
    if asked.captions and not asked.like:
        raise UserError(dataset, "has no captions", "use a folder, or coloured_digits")
    return load_tfds(find_builder(dataset, log=log, **tfds), log=log, **rest)


def _check_split(name, split):
    if split not in SPLITS:
        raise UserError(f"split={split}", f"{name} has the splits train and test")


def _drawn(name, split, shape):
    data = DRAWN[name]()
    _refuse_pictures(name, data, shape)
    _check_split(name, split)
    assert data.held_out is not None  # all of them have some
    return data if split == "train" else data.held_out


def _refuse_pictures(name, data, shape):
    """Raises UserError if anything is asked for that only pictures have."""
    asked = {
        f"image_size={shape.size}": shape.asked,
        f"channels={shape.channels}": shape.channels,
        f"fit={shape.fit}": shape.fit != "crop",
    }
    for field, given in asked.items():
        if given:
            raise UserError(
                field, f"{name} holds {data.unit}, no images", "leave it out"
            )


def split_list(
    dataset: str,
    *,
    data_dir: PathLike | None = None,
    download: bool = False,
    log: Log = print,
) -> tuple[str, ...]:
    """Returns the names of the splits of the data set that `load` would load."""
    if dataset in BUILT_IN or is_lines(dataset):
        return tuple(SPLITS)
    place = shards.place_of_shards(dataset)
    if place:
        return shards.split_names(place)
    if is_folder(dataset):
        return split_names(dataset)
    found = find_builder(dataset, data_dir=data_dir, download=download, log=log)
    return tuple(found.info.splits)


def other_split(
    dataset: str,
    split: str,
    *,
    data_dir: PathLike | None = None,
    download: bool = False,
    log: Log = print,
) -> str | None:
    """Returns the name of a split that is not `split`, for what is not trained on.

    It is "test", else "validation"; "train" if `split` is "test"; None where there is
    none.
    """
    mine = SPELLINGS.get(split.lower(), split)
    others = ("train",) if mine.startswith("test") else ("test", "validation")
    there = split_list(dataset, data_dir=data_dir, download=download, log=log)
    return next((one for one in others if one in there and one != mine), None)
