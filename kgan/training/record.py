"""WORKDIR/run.json: what a run is, so that every later command knows it."""

import dataclasses
import hashlib
import json
from pathlib import Path

import keras
import numpy as np

from kgan.config import as_plain, differences
from kgan.errors import UserError
from kgan.files import write_text

NAME = "run.json"
OURS = (
    *("best", "checkpoints", "generator", "samples", "tensorboard", "health.csv"),
    "history.csv",
)
MAY_CHANGE = ("epochs", "updates", "grids")  # how long a run is, not what it is


@dataclasses.dataclass(frozen=True)
class Record:
    """One run.

    Attributes:
        variant: its name, or the path of the user's file.
        dataset, split: as given on the command line.
        precision: Keras' dtype policy.
        config: the resolved configuration, as plain values.
        shape: of an image, (H, W, C).
        classes: names of the classes, () without labels.
        images: how many the run learns from, and their digest.
        computing: what else changes the bits, of `kgan.training.environment.facts`.
        asked: where two domains come from, a `kgan.data.Ask` as plain values; {} of
            a game that has one data set.
    """

    variant: str
    dataset: str
    split: str
    precision: str
    config: dict
    shape: tuple
    classes: tuple
    images: dict
    computing: dict
    asked: dict = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, variant, dataset, split, precision, config, images):
        return cls(
            variant,
            dataset,
            split,
            precision,
            as_plain(config),
            tuple(images.image_shape),
            tuple(images.classes),
            {"number": len(images), "digest": _digest(images)},
            computing={},
        )

    @classmethod
    def read(cls, workdir):
        """Raises UserError: there is no run in `workdir`, or its record is damaged."""
        path = Path(workdir) / NAME
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            record = cls(**plain)
            whole = [int(n) for n in record.shape], [str(c) for c in record.classes]
            dict(record.images), dict(record.computing), dict(record.asked)
            keras.dtype_policies.get(record.precision)
        except FileNotFoundError:
            raise UserError(
                f"--workdir={workdir}: no run is kept there (no {NAME}); "
                "bin/train_gan --workdir makes one"
            ) from None
        except (ValueError, TypeError) as error:
            raise UserError(f"{path}: damaged ({error})", exit_code=1) from error
        shape, classes = map(tuple, whole)
        return dataclasses.replace(record, shape=shape, classes=classes)

    def write(self, workdir):
        text = json.dumps(dataclasses.asdict(self), indent=2)
        write_text(Path(workdir) / NAME, text + "\n")

    def check_same_run(self, workdir):
        """Refuses a workdir that holds another run, or files that are no run's.

        Raises:
            UserError: names every field that differs.
        """
        workdir = Path(workdir)
        if not (workdir / NAME).exists():
            for name in OURS:
                if (workdir / name).exists():
                    raise UserError(
                        f"--workdir={workdir}: holds {name!r} but no {NAME}: not a run "
                        "of kgan; choose another folder"
                    )
            return
        changes = differences(Record.read(workdir)._identity(), self._identity())
        if changes:
            raise UserError(
                f"--workdir={workdir}: holds another run ({'; '.join(changes)}); "
                "choose another folder, or --fresh to move that run aside"
            )

    def environment_changes(self, workdir):
        """What has changed since the run in `workdir` began and changes its bits.

        Returns: lines "field: old -> new", [] where there is no run.
        """
        if not (Path(workdir) / NAME).exists():
            return []
        old = Record.read(workdir)
        return differences(
            old.computing | {f"images.{k}": v for k, v in old.images.items()},
            self.computing | {f"images.{k}": v for k, v in self.images.items()},
        )

    def _identity(self):
        what = {"variant": self.variant, "dataset": self.dataset}
        what |= {"split": self.split, "precision": self.precision}
        what |= {"classes": self.classes} | self.asked
        # Where rates fall towards the end, a longer run is another one from the start.
        free = MAY_CHANGE if not self.config.get("decay") else ("grids",)
        return what | {k: v for k, v in self.config.items() if k not in free}


def _digest(images):
    """Of all that is learnt from, pixels and labels: BLAKE2 in hexadecimal."""
    total = hashlib.blake2b(digest_size=16)
    for part in (array for group in images.parts for array in group.values()):
        total.update(f"{part.dtype} {part.shape}".encode())
        for rows in np.array_split(part, max(1, part.nbytes >> 26)):
            total.update(np.ascontiguousarray(rows))
    return total.hexdigest()
