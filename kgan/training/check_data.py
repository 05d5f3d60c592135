"""Checks data before a training: what it would use, what is odd, whether there is enough."""

import dataclasses
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan.data import DomainSource, load_held_out
from kgan.data.checking import amount, parts, pictures
from kgan.data.checking.parts import Part
from kgan.data.checking.report import Finding, Report
from kgan.data.kinds import Image
from kgan.data.sources.loading import other_split
from kgan.data.sources.places import is_folder
from kgan.data.sources.shards import place_of_shards
from kgan.data.sources.splits import SPELLINGS, split_names
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.training import feed
from kgan.training.inputs import load_inputs

if TYPE_CHECKING:
    from kgan.training.options import Options
    from kgan.training.run import Variant

NARROW = 100  # levels of 255 that the middle 98 % of all values should use


def check_data(
    variant: "Variant", dataset: Any, config: Any, options: "Options"
) -> Report:
    """Returns the `Report` on a data set, which is loaded as a training would load it.

    Args:
        variant: for which it is checked.
        dataset: as `kgan.training.inputs.load_inputs` takes it.
        config: the configuration of the variant.
        options: the `Options` of the run.

    Raises:
        UserError: there are no such data, or they are no pictures.
    """
    if config.learns_from != "images":
        told = "learns from no pictures, and only pictures are checked"
        raise UserError(f"variant={variant.name}", told)
    said: list[str] = []
    options = dataclasses.replace(options, log=said.append)
    drawable = variant.drawable(config) if variant.drawable else None
    data, refusal = None, None
    try:
        data = load_inputs(dataset, config, options, drawable)
        _check_pictures(data)
        config = variant.configured(config, data, options)
        feed.steps_per_pass(data, config)
    except UserError as error:
        refusal = error
    found = _parts(dataset, data, config, options, refusal)
    fields = {one.name: getattr(config, one.name) for one in dataclasses.fields(config)}
    findings = pictures.find(*found)
    if refusal:
        text = refusal.written(lambda text: f"`{text}`")
        findings.append(Finding("refused", f"training refuses: {text}", True))
    trained = found[0]
    count = len(data) if data else sum(map(len, trained))
    classes = _classes(data, trained)
    more, advice = amount.of_number(count, classes, config.domains, fields)
    findings += [*more, *_narrow(trained)]
    counts = _counts(count, classes, *found)
    if data:
        size = Size(*data.spec.shape[:2])
        sizes = _sizes(dataset, trained, config)
        more, further = amount.of_sizes(sizes, size, fields, drawable)
        findings, advice = [*findings, *more], advice | further
        counts["brought to"] = str(size)
        counts["cut off"] = f"{100 * amount.cut_off(sizes, size):.0f} % of their area"
    name = data.name if data else str(getattr(dataset, "name", dataset))
    return Report(name, variant.name, tuple(said), counts, tuple(findings), advice)


def _check_pictures(data):
    kind = data.fields["real"].kind
    if kind != Image():
        raise UserError(
            f"dataset={data.name}",
            f"holds {kind.plural}, no pictures",
            "there is nothing to check",
        )


def _parts(dataset, data, config, options, refusal) -> tuple[list[Part], list[Part]]:
    """(parts that are trained on, parts that are held out)."""
    folders = _folders(dataset, config, options.split)
    if not folders:
        if data is None or data.fields["real"].kind != Image():
            raise refusal
        return _of_arrays(dataset, data, config, options)
    trained, others = [], []
    try:
        for number, (folder, split, held_out) in enumerate(folders):
            # The two sides of a pair may look alike, as noise and what it is taken off.
            side = number if getattr(config, "paired", False) else 0
            several, levels = len(folders) > 1, tuple(getattr(config, "range", ()))
            part = _of_folder(folder, split, several, levels, side)
            trained.append(part)
            for one, other in held_out:
                others.append(_of_folder(one, other, several, part.levels, side))
    except UserError as error:
        raise refusal or error from None
    if refusal and not sum(map(len, trained)):
        raise refusal
    return trained, others


def _of_folder(folder, split, several, levels, side):
    part = parts.of_folder(split, folder, split, lambda line: None, levels)
    part = dataclasses.replace(part, domain=side)
    if not several:
        return part
    named = f"{Path(folder).name}/"
    names = tuple(named + name for name in part.names)
    left_out = {named + name: why for name, why in part.left_out.items()}
    unusable = frozenset(named + name for name in part.unusable)
    return dataclasses.replace(part, names=names, left_out=left_out, unusable=unusable)


def _folders(dataset, config, split):
    """(folder, split, [(folder, split) of what is held out]) of each domain, in a list."""
    if isinstance(dataset, DomainSource):
        named = [one for one in (dataset.source, dataset.target) if one]
        apart = not (named or dataset.task or config.paired)
        named = named or [dataset.dataset]
        if apart and is_folder(dataset.dataset):
            root = Path(dataset.dataset).expanduser()
            other = root / "test"
            return [
                (
                    root / f"{split}{end}",
                    "train",
                    [(one, "train") for one in [Path(f"{other}{end}")] if one.is_dir()],
                )
                for end in "AB"
            ]
    else:
        named = [os.fspath(dataset)] if isinstance(dataset, str | os.PathLike) else []
    if not named or not all(map(is_folder, named)) or any(map(place_of_shards, named)):
        return []
    return [(one, split, _held_out(one, split)) for one in named]


def _held_out(folder, split):
    """(folder, split) of each split of a folder that is not trained on."""
    mine = SPELLINGS.get(split.lower(), split)
    known = [one for one in split_names(folder) if one in SPELLINGS.values()]
    return [(folder, one) for one in known if one != mine]


def _of_arrays(dataset, data, config, options):
    """The parts of a data set that is not a folder."""
    held_out, name = data.held_out, "held out"
    if isinstance(dataset, str):
        given = {"split": options.split, "data_dir": options.data_dir}
        name = other_split(dataset, **given) or name
        held_out = load_held_out(
            dataset, data, fit=getattr(config, "fit", "crop"), log=options.log, **given
        )
    trained = _of_dataset(options.split, data)
    return [trained], [_of_dataset(name, held_out)] if held_out else []


def _of_dataset(name, data):
    labels = data["label"] if "label" in data and data.classes else None
    return parts.of_arrays(name, data["real"], labels, data.classes)


def _sizes(dataset, trained, config):
    """The sizes of all pictures that are trained on; of both halves where they are two."""
    sizes = [size for part in trained for size in part.sizes]
    halved = isinstance(dataset, DomainSource) and config.paired
    if halved and not dataset.source and not dataset.task:
        return [Size(one.height, max(1, one.width // 2)) for one in sizes]
    return sizes


def _classes(data, trained):
    """The names of classes -> how many pictures of it are trained on."""
    if data is not None and "label" in data:
        counts = np.bincount(data["label"], minlength=len(data.classes))
        return dict(zip(data.classes, map(int, counts), strict=False))
    return dict(Counter(name for part in trained for name in part.classes))


def _narrow(trained):
    """A finding if the pictures use few of the values that they could."""
    values = np.concatenate(
        [part.small[:: len(part) // 500 + 1].ravel() for part in trained]
    )
    low, high = np.percentile(values, (1, 99))
    if high - low >= NARROW:
        return []
    return [
        Finding("narrow values", f"98 % of all values lie from {low:.0f} to {high:.0f}")
    ]


def _counts(count, classes, trained, others):
    sizes = Counter(size for part in trained for size in part.sizes)
    values = np.concatenate(
        [part.small[:: len(part) // 500 + 1].ravel() for part in trained]
    )
    left_out = sum(len(part.left_out) for part in trained)
    counts = {
        "trained on": count,
        "left out": left_out,
        "held out": {part.name: len(part) for part in others},
        "classes": classes,
        "sizes": {f"{one.height}x{one.width}": n for one, n in sizes.most_common()},
        "values": f"{values.min()} to {values.max()}, mean {values.mean():.0f}, "
        f"standard deviation {values.std():.0f}",
    }
    return {name: value for name, value in counts.items() if value != {}}
