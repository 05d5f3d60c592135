"""Loading of the data of a run, with a held-out part."""

import dataclasses
import os
from typing import TYPE_CHECKING, Any

from kgan.data import (
    Dataset,
    DomainSource,
    Jitter,
    arrays,
    load,
    load_clips,
    load_domains,
    load_held_out,
    load_poses,
    load_rolls,
)
from kgan.data.decoding.levels import typed
from kgan.data.kinds import Image
from kgan.data.sources import given, oracle
from kgan.data.sources.conditions import attributed
from kgan.data.sources.lines import is_lines
from kgan.data.sources.messages import SIZES
from kgan.errors import UserError
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.networks.sides import Sides
    from kgan.training.options import Options
    from kgan.training.record import Record

# Fields that say how pictures of files are read.
OF_FILES = {"image_size", "channels", "source_channels", "fit", "range"}
LEAST_HELD_OUT, MOST_HELD_OUT = 32, 1280  # below and above, health learns nothing new


def load_inputs(
    dataset: Any, config: Any, options: "Options", drawable: "Sides | None" = None
) -> Dataset:
    """Returns the `Dataset` of a run, with a held-out part if there is one.

    Args:
        dataset: as `kgan.data.load` takes it; a `DomainSource`; a `Dataset`; data in
            memory, as `kgan.data.sources.given.dataset` takes them; or None for a game
            without data.
        config: the configuration of the run.
        options: the `Options` of the run.
        drawable: the `kgan.networks.sides.Sides` that the networks draw; None for all.

    Raises:
        UserError: there are no such data, or they cannot be used.
    """
    special = _special(dataset, config, options, drawable)
    if special is not None:
        return special
    levels = getattr(config, "range", ())
    wanted = {
        "image_size": getattr(config, "image_size", 0),
        "fit": getattr(config, "fit", "crop"),
        "channels": getattr(config, "channels", 0),
        "levels": levels,
        "drawable": drawable,
        "data_dir": options.data_dir,
    }
    rest = {"split": options.split, "download": options.download, "log": options.log}
    if isinstance(dataset, DomainSource):
        data = load_domains(
            dataset,
            paired=config.paired,
            source_channels=config.source_channels,
            **wanted,
            **rest,
        )
    else:
        further = {"captions": config.captioned, "condition": config.class_attributes}
        further |= {"attributes": config.edited_attributes}
        data = load(dataset, **wanted, **further, **rest)
    _check_levels(levels, data)
    if data.held_out is None:
        held_out = _held_out(dataset, data, config, options)
        data = dataclasses.replace(data, held_out=held_out)
    if data.held_out is None:
        options.log(
            f"{data.name}: nothing is held out, so no check can see whether D learns its "
            f"images by heart; a folder needs {LEAST_HELD_OUT} images or more in its "
            "part `test`"
        )
    return data


def load_again(
    record: "Record",
    dataset: str | None = None,
    *,
    condition: tuple[str, ...] | None = None,
    log: Log = print,
) -> Dataset:
    """Returns the images that a run learned from, with those of another split held out.

    Args:
        record: of the run.
        dataset: where they lie; by default where they lay then. Their shape, levels and
            classes are those of the run.
        condition: attributes whose combinations are the classes, in place of the run's.
        log: called with a line if they are not what the run learned from.

    Raises:
        UserError: there are no such data, or they were given in memory.
    """
    if record.asked or not record.dataset:
        raise UserError(
            f"dataset={record.dataset}", "is not one set of images with classes"
        )
    name = record.dataset if dataset is None else dataset
    data, rest = _alike(record, name, condition)
    if "label" in record.fields and "label" not in data:
        raise UserError(
            f"dataset={name}", "has no classes, which the run has learned from"
        )
    changes = record.data_changes(data) if condition is None else []
    if changes:
        log(f"the data have changed since the run: {'; '.join(changes)}")
    held_out = load_held_out(name, data, **rest, log=log)
    return dataclasses.replace(data, held_out=held_out)


def _alike(record, name, condition):
    """Data in the shape of a run's, and what its held-out part is loaded with."""
    *size, channels = record.fields["real"].shape
    rest: dict[str, Any] = {"fit": record.config["fit"]}
    rest |= {"condition": record.class_attributes}
    rest |= {"split": record.split, "data_dir": record.data_dir}
    numbered = {"classes": record.classes}
    if condition is not None:
        rest, numbered = rest | {"condition": condition}, {}
    shape: dict[str, Any] = {"image_size": tuple(size), "channels": channels}
    shape |= {"levels": record.levels("real")}
    return load(name, **shape, **numbered, **rest, log=lambda line: None), rest


def _special(dataset, config, options, drawable):
    """Data in memory, and what is no image; None for all others."""
    if not isinstance(dataset, str | os.PathLike | DomainSource):
        as_is = "data in memory are taken as they are"
        _check_no_images(config, as_is, "change the arrays, and leave it out")
        return _in_memory(dataset, config)
    reader = READERS.get(config.learns_from)
    return reader(dataset, config, options, drawable) if reader else None


def _clips(dataset, config, options, drawable):
    return load_clips(
        dataset,
        frames=config.frames,
        split=options.split,
        image_size=config.image_size,
        fit=config.fit,
        channels=config.channels,
        drawable=drawable,
        data_dir=options.data_dir,
        log=options.log,
    )


def _rolls(dataset, config, options, drawable):
    _check_no_images(config, "music has no pixels", "leave it out")
    return load_rolls(
        dataset,
        steps=config.steps,
        voices=config.voices,
        transpose=config.transpose,
        split=options.split,
        log=options.log,
    )


def _poses(dataset, config, options, drawable):
    _check_no_images(config, "motions have no pixels", "leave it out")
    return load_poses(
        dataset, frames=config.frames, split=options.split, log=options.log
    )


def _lines(dataset, config, options, drawable):
    _check_no_images(config, "text has no pixels", "leave it out")
    if not (is_lines(dataset) or os.fspath(dataset) == oracle.NAME):
        name = os.fspath(dataset)
        raise UserError(
            f"dataset={name}" if name else "dataset",
            "is no text" if name else "say which text to learn from",
            "use a text file, `dataset=NAME.txt`, or `dataset=oracle`",
        )
    return load(
        dataset,
        units=config.units,
        split=options.split,
        data_dir=options.data_dir,
        log=options.log,
    )


def _messages(dataset, config, options, drawable):
    """Checks the name alone: messages are loaded as images are."""
    known = [f"messages{bits}" for bits in SIZES]
    if os.fspath(dataset) not in known:
        raise UserError(
            f"dataset={os.fspath(dataset)}", "has no keys", f"use {', '.join(known)}"
        )


# What a configuration can say that it learns from, apart from images. A reader that
# returns nothing has only checked what is asked for.
READERS = {
    "clips": _clips,
    "rolls": _rolls,
    "poses": _poses,
    "lines": _lines,
    "messages": _messages,
}


def _in_memory(dataset, config):
    if isinstance(dataset, Dataset):
        names = config.edited_attributes
        if names is None or "attributes" in dataset:
            return dataset
        return attributed(dataset, names)
    return arrays.nothing() if dataset is None else given.dataset(dataset)


def _check_no_images(config, told, remedy):
    """Raises UserError if a field asks how pictures of files are read, where none are."""
    defaults = {one.name: one.default for one in dataclasses.fields(config)}
    for name in sorted(OF_FILES & defaults.keys()):
        if getattr(config, name) != defaults[name]:
            raise UserError(f"{name}={getattr(config, name)}", told, remedy)


def _check_levels(asked, data):
    """Raises UserError if a range is asked for, and no picture has one."""
    if asked and not data.levels:
        raise UserError(
            f"range={typed(asked)}",
            f"no picture of {data.name} has more than 8 bits",
            "leave it out",
        )


def _held_out(dataset, data, config, options):
    """Some images that the run does not learn from, or None."""
    found = load_held_out(
        dataset,
        data,
        split=options.split,
        most=MOST_HELD_OUT,
        fit=getattr(config, "fit", "crop"),
        condition=config.class_attributes,
        data_dir=options.data_dir,
        log=options.log,
    )
    return found if found and len(found) >= LEAST_HELD_OUT else None


def change(config: Any, data: Dataset) -> Jitter | None:
    """Returns the random change of pictures that the configuration asks for, or None.

    Raises:
        UserError: a change is asked for, and the data hold no pictures.
    """
    flip, jitter = getattr(config, "flip", False), getattr(config, "jitter", 0.0)
    if not flip and not jitter:
        return None
    if all(field.kind != Image() for field in data.fields.values()):
        asked = "flip" if flip else f"jitter={jitter}"
        raise UserError(asked, f"{data.name} holds no pictures", "leave it out")
    return Jitter(jitter, flip)
