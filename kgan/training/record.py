"""The record of a run, WORKDIR/run.json, which later commands read."""

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import keras

from kgan.data import Field, Spec
from kgan.data.dataset import Dataset
from kgan.data.sources.loading import BUILT_IN
from kgan.data.sources.places import is_folder
from kgan.errors import UserError
from kgan.fields import names_in
from kgan.files import write_text
from kgan.settings import as_plain, defaults, differences
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.training.options import Options

NAME = "run.json"
FORMAT = 3  # of the record and of what a checkpoint holds
# What the kind of a field knows of its examples, and the networks need not know.
OF_THE_EXAMPLES = ("examples", "mean", "deviation")
FIRST_STAGE = "stage-1"  # the folder of the stage that is trained before
OURS = (
    *("best", "checkpoints", "generator", "samples", "tensorboard", "health.csv"),
    *("history.csv", FIRST_STAGE, "directions", "encoder", "inverted", "defended"),
)
MAY_CHANGE = ("epochs", "updates", "grids")  # how long a run is, not what it is


@dataclasses.dataclass(frozen=True)
class Record:
    """The identity of a run: its variant, data and configuration.

    Attributes:
        variant: the name of the variant, or the path of the user's file.
        dataset: its name, or the absolute path of a folder.
        split: as the user gave it.
        precision: Keras' dtype policy.
        config: the resolved configuration, as plain values.
        fields: of the data, name -> `kgan.data.Field`.
        classes: names of the classes, () without labels.
        data: how many examples the run learns from, their digest, and the levels of
            images with more than 8 bits, as `kgan.data.Dataset.levels` has them.
        environment: what else can change the bits of the result, as
            `kgan.training.environment.describe` returns it.
        asked: the `kgan.data.DomainSource` of two domains as plain values; {} for a game
            with one data set.
        data_dir: the absolute path of the folder of prepared TFDS data sets, or None.
        init_from: the run that this one started from, as `kgan.training.initial.start`
            returns it; {} for none.
        hours: that the run was asked to take, 0 if it was not.
        defaults: of the configuration's fields, which a record that was written before a
            field existed stands for; not written.
    """

    variant: str
    dataset: str
    split: str
    precision: str
    config: dict[str, Any]
    fields: dict[str, Any]
    classes: tuple[Any, ...]
    data: dict[str, Any]
    environment: dict[str, Any] = dataclasses.field(default_factory=dict)
    asked: dict[str, Any] = dataclasses.field(default_factory=dict)
    data_dir: str | None = None
    init_from: dict[str, Any] = dataclasses.field(default_factory=dict)
    hours: float = 0.0
    defaults: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls, variant: str, dataset: str, config: Any, data: Dataset, options: "Options"
    ) -> Self:
        """Returns the record of a run from the names, resolved configuration and data."""
        return cls(
            variant,
            dataset,
            options.split,
            options.policy,
            as_plain(config),
            dict(data.fields),
            tuple(data.classes),
            _content(data),
            data_dir=options.data_dir and os.path.abspath(options.data_dir),
            hours=options.hours,
            defaults=defaults(config),
        )

    def levels(self, name: str) -> tuple[float, ...]:
        """Returns the two values that became 0 and 255 in a field's images, () for none."""
        return tuple(self.data.get("levels", {}).get(name, ()))

    @property
    def digests(self) -> dict[str, int]:
        """Numbers, int64, of the configuration and of the data, wherever they lie."""
        what = {"configuration": [self.variant, self.precision, self.config]}
        fields = {k: v.plain() for k, v in self.fields.items()}
        what["data"] = [self.data, fields, self.classes]
        return {name: _number(value) for name, value in what.items()}

    @property
    def class_attributes(self) -> tuple[str, ...]:
        """The attributes whose combinations are the classes; () for the data's own."""
        label = self.fields.get("label")
        if label is None or not getattr(label.kind, "sizes", ()):
            return ()
        return names_in(self.config["condition"])

    @property
    def spec(self) -> Spec:
        """The `kgan.data.Spec` that the game is built for."""
        return Spec(self.fields, self.classes)

    @classmethod
    def read(cls, workdir: PathLike) -> Self:
        """Reads the record of a workdir.

        Raises:
            UserError: there is no run in `workdir`, or its record is damaged, or of
                another version of kgan.
        """
        path = Path(workdir) / NAME
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            first = plain.keys() >= {"shape", "images", "computing"}
            found = plain.pop("format", 1 if first else FORMAT)
            if found == FORMAT:
                return cls._from_plain(plain)
        except FileNotFoundError:
            raise UserError(
                f"workdir={workdir}",
                f"no run is kept there (no {NAME}); bin/train_gan makes one",
            ) from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(path, f"damaged ({error})", exit_code=1) from error
        raise UserError(
            f"workdir={workdir}",
            f"holds a run in format {found} of another version of kgan, and this one "
            f"reads format {FORMAT}",
            "choose another folder, or `fresh` to move that run aside",
        )

    @classmethod
    def _from_plain(cls, plain):
        record = cls(**plain)
        for values in (record.config, record.data, record.environment, record.asked):
            dict(values)
        dict(record.init_from)
        keras.dtype_policies.get(record.precision)
        fields = {str(k): Field.from_plain(v) for k, v in record.fields.items()}
        classes = tuple(str(name) for name in record.classes)
        return dataclasses.replace(record, fields=fields, classes=classes)

    def write(self, workdir: PathLike) -> None:
        """Writes WORKDIR/run.json."""
        plain = {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self)
        }
        del plain["defaults"]
        plain["fields"] = {name: field.plain() for name, field in self.fields.items()}
        text = json.dumps({"format": FORMAT} | plain, indent=2)
        write_text(Path(workdir) / NAME, text + "\n")

    def check_same_run(self, workdir: PathLike) -> None:
        """Checks that a workdir is empty or holds this run.

        Raises:
            UserError: it holds another run (every field that differs is named), or files
                that belong to no run.
        """
        workdir = Path(workdir)
        if not (workdir / NAME).exists():
            for name in OURS:
                if (workdir / name).exists():
                    raise UserError(
                        f"workdir={workdir}",
                        f"holds {name!r} but no {NAME}: not a run of kgan",
                        "choose another folder",
                    )
            return
        old = Record.read(workdir)
        old = dataclasses.replace(old, config=self.defaults | old.config)
        changes = differences(old._identity(), self._identity())
        if changes:
            raise UserError(
                f"workdir={workdir}",
                f"holds another run ({'; '.join(changes)})",
                "choose another folder, or `fresh` to move that run aside",
            )

    def environment_changes(self, workdir: PathLike) -> list[str]:
        """Returns what changed in the environment and the data since the run began.

        Returns: lines "field: old -> new", [] where there is no run.
        """
        if not (Path(workdir) / NAME).exists():
            return []
        old = Record.read(workdir)
        return differences(
            old.environment | {f"data.{k}": v for k, v in old.data.items()},
            self.environment | {f"data.{k}": v for k, v in self.data.items()},
        )

    def data_changes(self, data: Dataset) -> list[str]:
        """Returns in what the data at the record's place have changed since the run.

        Args:
            data: what lies there now, of the split "train".

        Returns:
            Lines "field: old -> new"; [] for the same data, and for a run that
            learned from another split than "train".
        """
        if self.split != "train":
            return []
        now = {"number": len(data), "digest": data.digest()}
        return differences({name: self.data.get(name) for name in now}, now)

    def _identity(self):
        # Records of earlier versions have paths as the user gave them.
        what = {"variant": self.variant, "dataset": located(self.dataset)}
        what |= {"split": self.split, "precision": self.precision}
        what |= {"classes": self.classes, "init_from": self.init_from.get("workdir")}
        what |= {f"{k} of the data": _told(field) for k, field in self.fields.items()}
        what |= places(self.asked)
        # Where rates fall towards the end, a longer run is another one from the start.
        free = MAY_CHANGE if not self.config.get("decay") else ("grids",)
        what |= {k: v for k, v in self.config.items() if k not in free}
        if self.config.get("warm_up", 0) >= self.config.get("updates", 1):
            what["warm_up"] = "all iterations"
        return what


def _told(field):
    """What a field is, with a digest of what its numbers are, such as words in order."""
    known = {k: v for k, v in field.plain().items() if k not in OF_THE_EXAMPLES}
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:8]
    return f"{field.kind.describe(field.shape)} ({digest})"


def _number(plain):
    """A digest of plain values, as an int64."""
    text = json.dumps(plain, sort_keys=True).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little", signed=True)


def located(dataset: str) -> str:
    """Returns a folder as an absolute path, and the name of a data set as it is."""
    if not dataset or dataset in BUILT_IN or not is_folder(dataset):
        return dataset
    return os.path.abspath(Path(dataset).expanduser())


def places(asked: dict[str, str]) -> dict[str, str]:
    """Returns plain values of a `kgan.data.DomainSource` with their folders `located`."""
    named = ("dataset", "source", "target")
    return asked | {name: located(asked[name]) for name in named if name in asked}


def _content(data):
    """What the record says about data: with levels, of images with more than 8 bits."""
    levels = {name: list(values) for name, values in data.levels.items()}
    told = {"number": len(data), "digest": data.digest()}
    return told | ({"levels": levels} if levels else {})
