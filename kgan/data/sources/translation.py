"""From what the user says about two domains to `Domains`."""

import dataclasses
import pathlib

from kgan.data.decoding import size
from kgan.data.decoding.storage import Storage
from kgan.data.domains import Domains
from kgan.data.images import evenly
from kgan.data.sources.loading import has_split, is_folder, load
from kgan.data.sources.pairs import equal_names, read_pairs, side_by_side
from kgan.data.sources.tasks import TASKS
from kgan.errors import UserError

SHOWN = 6  # held-out images of each domain
AT_ONCE = 1024
USUAL_TASK = {True: "edges", False: "complete"}  # with pairs, and without


@dataclasses.dataclass(frozen=True)
class Ask:
    """Where the two domains come from.

    Attributes:
        dataset: what A and B are both in: side-by-side images, trainA and trainB,
            a TFDS set cycle_gan/NAME, or any images from which `task` makes A.
        source, target: a data set for A and one for B, in place of `dataset`.
        task: of `kgan.data.sources.tasks.TASKS`, or "" for what the data set is.
        direction: "AtoB" or "BtoA".
    """

    dataset: str = ""
    source: str = ""
    target: str = ""
    task: str = ""
    direction: str = "AtoB"

    @property
    def name(self):
        """What the two are called together."""
        if self.source:
            return f"{_stem(self.source)}-{_stem(self.target)}"
        return (
            f"{_stem(self.dataset)}-{self.task}" if self.task else _stem(self.dataset)
        )

    def checked(self, paired):
        """The same with its task decided.

        Raises:
            UserError: it says too much or too little.
        """
        if bool(self.source) != bool(self.target):
            given = "source" if self.source else "target"
            raise UserError(f"--{given}: --source and --target go together")
        if self.source and self.task:
            raise UserError(
                f"--task={self.task}: makes a source itself; use it with --dataset"
            )
        if self.source and paired:
            for flag in ("source", "target"):
                if not is_folder(getattr(self, flag)):
                    raise UserError(
                        f"--{flag}={getattr(self, flag)}: pairs come from two folders "
                        "of files with equal names, or from --dataset"
                    )
        plain = self.source or self.task or is_folder(self.dataset)
        if plain or (not paired and self.dataset.startswith("cycle_gan/")):
            return self
        return dataclasses.replace(self, task=USUAL_TASK[paired])


def load_domains(
    ask,
    *,
    paired,
    split="train",
    image_size=0,
    channels=0,
    source_channels=0,
    data_dir=None,
    download=False,
    memory_limit=None,
    log=print,
):
    """Decode two domains once.

    Args:
        ask: an `Ask`.
        together: whether rows are to be pairs.
        channels, source_channels: of the target and of the source; 1, 3, or 0 for
            the data's own.

    The other arguments are those of `load`. Held-out images are of the split "test"
    where there is one, else the last of each domain.

    Returns:
        A `Domains`.

    Raises:
        UserError: if an argument, the data or its files cannot be used.
    """
    ask = ask.checked(paired)
    size.check_side(image_size)
    size.check_channels(channels)
    size.check_channels(source_channels)
    flipped = ask.direction == "BtoA"
    ends = (source_channels, channels)[:: -1 if flipped else 1]
    wanted = {"data_dir": data_dir, "download": download, "image_size": image_size}
    reader = _Reader(ask, paired, ends, wanted, Storage(memory_limit, None, log), log)
    a, b, left_out = reader.read(split)
    if split != "test" and reader.has_test():
        shown = reader.quiet().read("test")[:2]
    else:
        a, b, *shown = _held_out(ask.name, a, b)
    shown = [evenly(one[: min(map(len, shown))], SHOWN) for one in shown]
    order = (1, 0) if flipped else (0, 1)
    (source, real), held = [[two[i] for i in order] for two in ((a, b), shown)]
    shown = dict(zip(("source", "real"), held, strict=True))
    domains = Domains(ask.name, source, real, paired, shown, left_out)
    log(domains.describe())
    return domains


def _held_out(name, a, b):
    """(what is left of A and B, the last of each)."""
    fewest = min(len(a), len(b))
    if fewest < 2:
        raise UserError(f"{name}: one image is not enough to learn and to show")
    held = max(1, min(SHOWN, fewest // 10))
    return a[:-held], b[:-held], a[-held:], b[-held:]


@dataclasses.dataclass
class _Reader:
    """Reads A and B of a split."""

    ask: Ask
    paired: bool
    channels: tuple
    wanted: dict
    storage: Storage
    log: object

    def quiet(self):
        return dataclasses.replace(self, log=lambda line: None)

    def read(self, split):
        """(pixels of A, pixels of B, a line for each file that was left out)."""
        ask = self.ask
        if ask.task:
            return self._derived(split)
        if not self.paired:
            return self._apart(split)
        if ask.source:
            found = equal_names(ask.source, ask.target, split)
        else:
            found = side_by_side(ask.dataset, split)
        return read_pairs(
            found,
            image_size=self.wanted["image_size"],
            channels=self.channels,
            storage=self.storage,
            log=self.log,
        )

    def has_test(self):
        if not self.ask.source and not self.ask.task and not self.paired:
            if not is_folder(self.ask.dataset):
                return True  # of cycle_gan/*
            root = pathlib.Path(self.ask.dataset).expanduser()
            return all((root / f"test{end}").is_dir() for end in "AB")
        named = [n for n in (self.ask.source, self.ask.target) if n]
        sets = named or [self.ask.dataset]
        keep = {k: v for k, v in self.wanted.items() if k != "image_size"}
        return all(has_split(one, "test", **keep, log=self.log) for one in sets)

    def _apart(self, split):
        """Two domains that have nothing to do with each other."""
        ask = self.ask
        if ask.source:
            sets = [(ask.source, split), (ask.target, split)]
        elif is_folder(ask.dataset):
            root = pathlib.Path(ask.dataset).expanduser()
            names = [f"{split}A", f"{split}B"]
            missing = [name for name in names if not (root / name).is_dir()]
            if missing:
                raise UserError(
                    f"{ask.dataset} has no folder {missing[0]}: two domains lie in "
                    f"{' and '.join(names)}, or in --source and --target; or --task "
                    "makes one out of the other"
                )
            sets = [(root.absolute() / name, "train") for name in names]
        else:
            sets = [(ask.dataset, f"{split}A"), (ask.dataset, f"{split}B")]
        a, b = (
            self._load(name, part, channels)
            for (name, part), channels in zip(sets, self.channels, strict=True)
        )
        if a.image_shape[0] != b.image_shape[0]:
            raise UserError(
                f"{a.name} has images of {a.image_shape[0]} pixels and {b.name} of "
                f"{b.image_shape[0]}: say --config.image_size"
            )
        return a.pixels, b.pixels, (*a.left_out, *b.left_out)

    def _derived(self, split):
        """Pictures, and what `task` makes of them; of others where there are no pairs."""
        images = self._load(self.ask.dataset, split, self.channels[1])
        pictures = images.pixels
        if self.ask.task == "colourise" and images.image_shape[-1] == 1:
            raise UserError(
                f"--task=colourise: {images.name} is grey; choose images in colour"
            )
        givers = pictures
        if not self.paired:
            half = len(pictures) // 2
            if not half:
                raise UserError(f"{images.name}: one image makes no two domains")
            givers, pictures = pictures[:half], pictures[half:]
        task = TASKS[self.ask.task]
        made = self.storage.room((len(givers), *task(givers[:1]).shape[1:]))
        for start in range(0, len(givers), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            made[part] = task(givers[part])
        if self.channels[0] not in (0, made.shape[-1]):
            raise UserError(
                f"--task={self.ask.task}: makes images of {made.shape[-1]} channels; "
                f"leave their number open instead of {self.channels[0]}"
            )
        return made, pictures, images.left_out

    def _load(self, name, split, channels):
        return load(name, split=split, channels=channels, **self.wanted, log=self.log)


def _stem(name):
    return pathlib.Path(name).expanduser().resolve().name if is_folder(name) else name
