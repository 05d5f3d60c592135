"""The functions for Python users, such as `kgan.train` and `kgan.load`."""

import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from kgan import variants
from kgan.applications import augmentation, editing, finding
from kgan.applications import inversion as inverting
from kgan.applications.directions import Directions
from kgan.applications.encoding import load_encoder
from kgan.applications.inversion import Inversion, check_game
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
    if isinstance(dataset, str):
        dataset = dataset or config.dataset
    if workdir is None:
        named = isinstance(dataset, str | os.PathLike)
        workdir = default_workdir(variant.name, dataset if named else "data")
    asked = Options(**options)
    game = prepare(variant, dataset, config, workdir, asked, variants.load).train()
    return Run(workdir, game)


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


def augment_dataset(
    workdir: PathLike, out: PathLike, n: int = 10, **settings: Any
) -> dict[str, Any]:
    """Writes a folder of labelled generated images, which can be trained on.

    The folder has a subfolder for each class, and `manifest.json`, which says that all
    of it is generated. Images that are copies of training images are left out.

    Args:
        workdir: of a run whose game draws classes, such as one of the variant "cgan".
        out: the folder, which must not be there yet, or be empty.
        n: images of each class.
        settings: of `kgan.applications.augmentation.augment_run`: `counts`, `memorised`,
            `confidence`, `dataset`, `seed`, `cache`, `log`.

    Returns:
        What the manifest holds.

    Raises:
        UserError: the run draws no classes, something is in `out`, or too few images
            are new. Nothing is written.

    Example:
        kgan.train("cgan", workdir="runs/cgan-digits", epochs=50)
        kgan.augment_dataset("runs/cgan-digits", "more", n=5, memorised=0)
    """
    game, record = restore(workdir, variants.load)
    return augmentation.augment_run(game, record, out, n, **settings)


def invert(
    workdir: PathLike, images: Any, method: str | None = None, **settings: Any
) -> Inversion:
    """Finds the latents, and the labels or codes, of pictures that G makes most like.

    Args:
        workdir: of a run whose game makes images from noise.
        images: uint8 (n, H, W, C), of the shape that the run makes.
        method: "optimise" descends the error; "encoder" takes what the encoder of the
            run reads off, which `bin/invert_image --train_encoder` makes; "both" starts
            the descent there. By default "both" where the run has an encoder.
        settings: of `kgan.applications.inversion.invert`: `steps`, `restarts`, `seed`.

    Returns:
        The `kgan.applications.inversion.Inversion`: `latent`, `images`, `psnr` and
        `controls`.

    Raises:
        UserError: images of another shape, or a run that cannot be inverted.

    Example:
        digits = np.zeros((2, 8, 8, 1), "uint8")
        found = kgan.invert("runs/infogan-digits", digits, steps=2)
        found.psnr, found.controls["category"]  # two numbers each
    """
    game, _ = restore(workdir, variants.load)
    check_game(game)
    encoder = load_encoder(game, workdir) if method != "optimise" else None
    method = method or ("both" if encoder else "optimise")
    return inverting.invert(game, np.asarray(images), method, encoder, **settings)


def find_directions(
    workdir: PathLike, method: str = "sefa", **settings: Any
) -> Directions:
    """Finds directions of z along which what G draws changes in one respect.

    Args:
        workdir: of a run whose game makes images from noise.
        method: "svm" finds one for each option of attributes of the run's data; "sefa"
            those that move G's first layer most; "pca" those in which its first
            activations vary most.
        settings: of `kgan.applications.finding.find`: `attributes`, `count`,
            `samples`, `dataset`, `seed`, `cache`, `log`.

    Returns:
        The `kgan.applications.directions.Directions`; nothing is written.

    Raises:
        UserError: the run cannot be edited, or its data have no such attribute.

    Example:
        found = kgan.find_directions("runs/infogan-digits", count=3)
        found["sefa-1"].shape  # (74,), of length 1
    """
    game, record = restore(workdir, variants.load)
    return finding.find(game, record, method, **settings)


def edit(
    workdir: PathLike,
    images: Any,
    directions: Directions,
    attribute: str,
    **settings: Any,
) -> np.ndarray:
    """Changes pictures in one respect, by their codes.

    Args:
        workdir: of the run for which the directions were found.
        images: uint8 (n, H, W, C), of the shape that the run makes.
        directions: what `kgan.find_directions` found.
        attribute: the name of a direction, such as "mouth=smirk" or "sefa-1".
        settings: of `kgan.applications.editing.edit`: `strength`, `keep`, `anew`,
            `steps`, `seed`.

    Returns:
        uint8 (n, H, W, C).

    Raises:
        UserError: images of another shape, or an unknown direction.

    Example:
        found = kgan.find_directions("runs/infogan-digits", count=3)
        digits = np.zeros((2, 8, 8, 1), "uint8")
        edited = kgan.edit("runs/infogan-digits", digits, found, "sefa-1", steps=2)
    """
    game, _ = restore(workdir, variants.load)
    check_game(game)
    encoder = load_encoder(game, workdir)
    pixels = np.asarray(images)
    return editing.edit(
        game, pixels, directions, attribute, encoder=encoder, **settings
    )[0]


def _parted(settings):
    """The settings that are options, and those that are fields of a configuration."""
    names = {field.name for field in dataclasses.fields(Options)}
    options = {k: v for k, v in settings.items() if k in names}
    return options, {k: v for k, v in settings.items() if k not in names}


def _asked(what: Any, fields: dict[str, Any]) -> tuple[Variant, Any]:
    """The `Variant` and its configuration."""
    if isinstance(what, Game):
        given = {"rounds": what.rounds} | fields
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
