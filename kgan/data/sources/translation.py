"""Loading of two domains as one `Dataset`."""

import dataclasses
import pathlib
from collections.abc import Sequence
from typing import Any

from kgan.data.dataset import Dataset, evenly
from kgan.data.decoding.size import Drawable, Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources import arrays
from kgan.data.sources.domain_source import DomainSource
from kgan.data.sources.loading import load, other_split
from kgan.data.sources.pairs import Domains, equal_names, read_pairs, side_by_side
from kgan.data.sources.places import is_folder
from kgan.data.sources.tasks import TASKS
from kgan.errors import UserError
from kgan.sizes import Size, SizeLike
from kgan.typing import Log, PathLike

SHOWN = 6  # held-out images of each domain
PICTURES_TOGETHER = 1024
# Fields of a `Shape`, and what `load` calls them.
SHAPE = {"size": "image_size", "fit": "fit", "drawable": "drawable"}


def load_domains(
    where: DomainSource,
    *,
    paired: bool,
    split: str = "train",
    image_size: SizeLike = 0,
    fit: str = "crop",
    channels: int = 0,
    source_channels: int = 0,
    levels: Sequence[float] = (),
    drawable: Drawable | None = None,
    data_dir: PathLike | None = None,
    download: bool = False,
    memory_limit: int | None = None,
    log: Log = print,
) -> Dataset:
    """Loads two domains and decodes them once.

    Args:
        where: a `DomainSource`.
        paired: whether rows are to be pairs.
        split: as `load` takes it.
        image_size: of the images of both, as `load` takes it.
        fit: what becomes of images of another shape, as `load` takes it.
        channels: of the target; 1, 3, or 0 for the data's own.
        source_channels: of the source; 1, 3, or 0 for the data's own.
        levels: of images with more than 8 bits, as `load` takes them.
        drawable: a `kgan.networks.sides.Sides` that a network can draw; None for all.
        data_dir: folder of prepared TFDS sets, as `load` takes it.
        download: whether TFDS may fetch a set that is not prepared.
        memory_limit: bytes of pixels to hold in memory; None for half of what is
            available.
        log: called with each line that is meant for the user.

    Held-out images are of the split "test" or
    "validation" where there is one, else the last of each domain.

    Returns:
        A `Dataset` with the fields "source" and "real".

    Raises:
        UserError: an argument, the data or its files cannot be used.
    """
    where = where.checked(paired)
    for number in (channels, source_channels):
        Shape.of(image_size, number, fit, drawable)
    flipped = where.direction == "BtoA"
    ends = (source_channels, channels)[:: -1 if flipped else 1]
    wanted = {"data_dir": data_dir, "download": download}
    wanted |= {"image_size": image_size, "fit": fit, "drawable": drawable}
    storage = Storage(memory_limit, None, log)
    reader = _Reader(where, paired, ends, wanted, storage, log, (levels, levels))
    found, shown = _read(reader, split)
    order = (1, 0) if flipped else (0, 1)
    named = zip(("source", "real"), (found.levels[i] for i in order), strict=True)
    source, real = (found.b, found.a) if flipped else (found.a, found.b)
    data = arrays.domains(
        source,
        real,
        paired=paired,
        name=where.name,
        held_out=[shown[i] for i in order],
        left_out=found.left_out,
        levels={name: values for name, values in named if values},
    )
    log(data.describe())
    return data


def _read(reader, split):
    """(`Domains`, a few held-out pictures of each)."""
    found, other = reader.read(split), reader.other_split(split)
    if other:
        shown = reader.like(found).read(other)[:2]
    else:
        a, b, *shown = _held_out(reader.where.name, found.a, found.b)
        found = found._replace(a=a, b=b)
    fewest = min(map(len, shown))
    return found, [evenly(one[:fewest], SHOWN) for one in shown]


def _held_out(name, a, b):
    """(what is left of A and B, the last of each)."""
    fewest = min(len(a), len(b))
    if fewest < 2:
        raise UserError(name, "one image is not enough to learn and to show")
    held = max(1, min(SHOWN, fewest // 10))
    return a[:-held], b[:-held], a[-held:], b[-held:]


@dataclasses.dataclass
class _Reader:
    """Reads A and B of a split."""

    where: DomainSource
    paired: bool
    channels: tuple[Any, ...]
    wanted: dict[str, Any]
    storage: Storage
    log: Log
    levels: tuple[Any, ...]

    def like(self, found):
        """A quiet reader of pictures of the same shape and levels as those `found`."""
        return dataclasses.replace(
            self,
            channels=tuple(one.shape[-1] for one in found[:2]),
            wanted=self.wanted | {"image_size": found.a.shape[1:3]},
            levels=tuple(levels or () for levels in found.levels),
            log=lambda line: None,
        )

    def read(self, split):
        """Returns the `Domains`."""
        where = self.where
        if where.task:
            return self._derived(split)
        if not self.paired:
            return self._apart(split)
        if where.source:
            found = equal_names(where.source, where.target, split)
        else:
            found = side_by_side(where.dataset, split)
        return read_pairs(
            found,
            shape=Shape.of(**{new: self.wanted[old] for new, old in SHAPE.items()}),
            channels=self.channels,
            storage=self.storage,
            log=self.log,
            levels=self.levels,
        )

    def other_split(self, split):
        """The name of a split of what is not trained on, None where there is none."""
        where, keep = self.where, {k: self.wanted[k] for k in ("data_dir", "download")}
        if not where.source and not where.task and not self.paired:
            if not is_folder(where.dataset):
                return "test" if split != "test" else None  # of cycle_gan/*
            root = pathlib.Path(where.dataset).expanduser()
            there = all((root / f"test{end}").is_dir() for end in "AB")
            return "test" if there and split != "test" else None
        sets = [where.source, where.target] if where.source else [where.dataset]
        found = {other_split(one, split, **keep, log=self.log) for one in sets}
        return found.pop() if len(found) == 1 else None

    def _apart(self, split):
        """Two domains that have nothing to do with each other."""
        where = self.where
        if where.source:
            sets = [(where.source, split), (where.target, split)]
        elif is_folder(where.dataset):
            root = pathlib.Path(where.dataset).expanduser()
            names = [f"{split}A", f"{split}B"]
            missing = [name for name in names if not (root / name).is_dir()]
            if missing:
                raise UserError(
                    where.dataset,
                    f"has no folder {missing[0]}: two domains lie in "
                    f"{' and '.join(names)}, or in `source` and `target`; or `task` "
                    "makes one out of the other",
                )
            sets = [(root.absolute() / name, "train") for name in names]
        else:
            sets = [(where.dataset, f"{split}A"), (where.dataset, f"{split}B")]
        a, b = (self._load(*one, number) for number, one in enumerate(sets))
        sizes = [Size(*one.fields["real"].shape[:2]) for one in (a, b)]
        if sizes[0] != sizes[1]:
            raise UserError(
                "image_size=0",
                f"{a.name} has images of {sizes[0]} pixels and {b.name} of {sizes[1]}",
                "say `image_size`",
            )
        levels = tuple(one.levels.get("real") for one in (a, b))
        return Domains(a["real"], b["real"], (*a.left_out, *b.left_out), levels)

    def _derived(self, split):
        """Pictures, and what `task` makes of them; of others where there are no pairs."""
        images = self._load(self.where.dataset, split, 1)
        pictures = images["real"]
        if self.where.task == "colourise" and images.fields["real"].shape[-1] == 1:
            raise UserError(
                "task=colourise", f"{images.name} is grey", "choose images in colour"
            )
        givers = pictures
        if not self.paired:
            if len(pictures) < 2:
                raise UserError(images.name, "one image makes no two domains")
            # Every other one: they may lie class by class.
            givers, pictures = pictures[1::2], pictures[::2]
        task = TASKS[self.where.task]
        made = self.storage.room((len(givers), *task(givers[:1]).shape[1:]))
        for start in range(0, len(givers), PICTURES_TOGETHER):
            part = slice(start, start + PICTURES_TOGETHER)
            made[part] = task(givers[part])
        if self.channels[0] not in (0, made.shape[-1]):
            raise UserError(
                f"task={self.where.task}",
                f"makes images of {made.shape[-1]} channels, not {self.channels[0]}",
                "leave their number open",
            )
        levels = images.levels.get("real")
        return Domains(made, pictures, images.left_out, (levels, levels))

    def _load(self, name, split, number):
        """The images for A, number 0, or for B."""
        return load(
            name,
            split=split,
            channels=self.channels[number],
            levels=self.levels[number],
            **self.wanted,
            log=self.log,
        )
