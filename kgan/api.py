"""The functions for Python users, such as `kgan.train` and `kgan.load`."""

import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

from kgan import variants
from kgan.data import DomainSource
from kgan.data.checking.report import Report
from kgan.errors import UserError, nearest
from kgan.export.exported import Exported
from kgan.game import Game
from kgan.runs import Run
from kgan.settings import Settings
from kgan.training import check_data as checking
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.restore import load_weights, restore
from kgan.training.run import Variant, prepare
from kgan.training.workdir import default_workdir
from kgan.typing import PathLike


def train(
    what: Any, dataset: Any = "", workdir: PathLike | None = None, **settings: Any
) -> Run:
    """Trains a game, or resumes the run of an earlier call with the same workdir.

    Args:
        what: the name of a variant, such as "infogan"; a configuration, an instance of
            the `Config` of a module with a `build`; or a compiled `kgan.Game`.
        dataset: the name of a data set or a folder, as `kgan.data.load` takes it; "" for
            that of the variant, which is mostly digits; a `kgan.DomainSource` for two
            domains; a `kgan.Dataset`; a NumPy array, uint8 images (n, H, W, C) or
            numbers (n, d); a pair (array, labels); a dict of arrays, or a finite
            `tf.data.Dataset`, of a `kgan.Dataset`'s fields; None for a game without data.
        workdir: the folder for everything that is written; runs/WHAT-DATASET by default.
        settings: fields of the configuration, such as `epochs=50`, and of
            `kgan.training.options.Options`, such as `on_sick="stop"`.

    Returns:
        The `kgan.Run`; its `game` is the trained game.

    Raises:
        UserError: a setting is wrong, or the run was stopped because it went wrong.

    Example:
        run = kgan.train("infogan", dataset="digits", workdir="runs/mine", epochs=50)
        images = run.generate(16, seed=0, category=3)  # uint8 (16, 8, 8, 1)
    """
    options, fields = _parted(settings)
    variant, config = _asked(what, fields)
    dataset = _named(dataset, config)
    if workdir is None:
        workdir = default_workdir(variant.name, dataset)
    asked = Options(**options)
    trainer = prepare(variant, dataset, config, workdir, asked, variants.load)
    return Run(workdir, trainer.train(), trainer.record)


def check_data(what: Any, dataset: Any = "digits", **settings: Any) -> Report:
    """Checks data before a training: what it would use, what is odd, what would help.

    Args:
        what: for which they are checked, as `train` takes it.
        dataset: pictures, as `train` takes them.
        settings: as `train` takes them.

    Returns:
        The `kgan.data.checking.report.Report`: `misleads`, `findings`, `advice`, `counts`,
        and `lines()`, its text.

    Raises:
        UserError: a setting is wrong, or there are no such data, or they are no pictures.

    Example:
        report = kgan.check_data("dcgan", dataset="digits")
        print(*report.lines(), sep=chr(10))
    """
    options, fields = _parted(settings)
    variant, config = _asked(what, fields)
    dataset = _named(dataset, config)
    return checking.check_data(variant, dataset, config, Options(**options))


def load(path: PathLike, game: Game | None = None) -> Game | Exported:
    """Returns the trained game of a workdir, or the generator of an export.

    Args:
        path: a workdir, or the folder of a SavedModel that kgan exported. A SavedModel is
            a program: load only what you trust.
        game: a compiled game like the one that was trained, into which the weights are
            loaded. Needed only for a game of the user's own class.

    Returns:
        The `kgan.Game` of a workdir, or the `kgan.Exported` generator. Both have
        `controls()` and `generate(n, seed, **controls)`.

    Raises:
        UserError: no run, no checkpoint and no export in `path`.

    Example:
        images = kgan.load("runs/mine").generate(16, seed=0, category=3)
        images = kgan.load("runs/mine/generator").generate(16, seed=0, category=3)
    """
    if (Path(path) / "saved_model.pb").exists():
        return Exported(path)
    if game is not None:
        record = Record.read(path)
        game.fields = dict(record.fields)
        return load_weights(game, path)
    return restore(path, variants.load)[0]


def _parted(settings):
    """The settings that are options, and those that are fields of a configuration."""
    names = {field.name for field in dataclasses.fields(Options)}
    options = {k: v for k, v in settings.items() if k in names}
    return options, {k: v for k, v in settings.items() if k not in names}


def _named(dataset: Any, config: Any) -> Any:
    """The data set, that of the variant for ""; for two domains a `DomainSource`."""
    if isinstance(dataset, str):
        dataset = dataset or config.dataset
    if not config.domains:
        if isinstance(dataset, DomainSource):
            problem = "two domains are for pix2pix, cyclegan, discogan and dualgan"
            raise UserError("dataset", problem, "give a folder or a `kgan.Dataset`")
        return dataset
    if isinstance(dataset, str | os.PathLike):
        dataset = DomainSource(os.fspath(dataset))
    source = isinstance(dataset, DomainSource)
    return dataset.checked(config.paired) if source else dataset


def _asked(what: Any, fields: dict[str, Any]) -> tuple[Variant, Any]:
    """The `Variant` and its configuration."""
    if isinstance(what, Game):
        given = fields | _of_game(what, fields)
        return Variant.given(what), _configured(Settings, given, type(what).__name__)
    if isinstance(what, str):
        module = variants.load(what, asked="what")
        config = _configured(module.Config, fields, what)
        return Variant.of(what, module), config
    module = sys.modules[type(what).__module__]
    named = dataclasses.is_dataclass(what) and hasattr(module, "build")
    if not named or isinstance(what, type):
        raise UserError(
            f"what={what!r}", "is no variant's name, no configuration and no game"
        )
    _check(type(what), fields, type(what).__module__)
    name = type(what).__module__.rpartition(".")[2]
    return Variant.of(name, module), dataclasses.replace(what, **fields)


def _of_game(game, fields):
    """Reads the fields of a run off its compiled game; refuses other values of them."""
    objective = getattr(game, "objective", None)
    own = {
        "rounds": game.rounds,
        "objective": getattr(objective, "name", ""),
        "label_smoothing": getattr(objective, "smoothing", 0.0),
    }
    for name, value in own.items():
        if fields.get(name, value) != value:
            problem = f"the game was compiled with {value or 'none'}"
            raise UserError(f"{name}={fields[name]}", problem, "change it there")
    return own


def _configured(kind, fields, name):
    _check(kind, fields, name)
    return kind(**fields)


def _check(kind, fields, name):
    known = [field.name for field in dataclasses.fields(kind)]
    known += [field.name for field in dataclasses.fields(Options)]
    for field, value in fields.items():
        if field not in known:
            raise UserError(
                f"{field}={value}", f"no such field of {name}{nearest(field, known)}"
            )
