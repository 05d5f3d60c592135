"""Flags and functions of the binaries that read a trained run."""

from pathlib import Path
from typing import TYPE_CHECKING

from absl import flags as absl_flags

from kgan.cli import variants
from kgan.cli.flags import define_path
from kgan.cli.frameworks import import_tensorflow
from kgan.errors import UserError

if TYPE_CHECKING:
    from kgan.export.exported import Exported
    from kgan.game import Game
    from kgan.training.record import Record

# The commands for games that start from data: what they do with it, and the plural of its
# kind.
COMMANDS = {
    ("translate", "images"): "bin/translate_image",
    ("edit", "images"): "bin/edit_image",
    ("predict", "clips"): "bin/predict_frames",
    ("accompany", "rolls"): "bin/accompany",
}
IN_PYTHON = "kgan.load(WORKDIR).generate(source=...) in Python"


def define_run() -> None:
    """Defines the flags that name a trained run."""
    define_path("workdir", None, "Where bin/train_gan left its run.")
    absl_flags.DEFINE_string(
        "variant", None, "The file NAME.py that the run was trained with, if any."
    )


def define_generator() -> None:
    """Defines the flags that name a trained run, or an exported generator."""
    define_run()
    define_path("saved_model", None, "An exported generator, in place of a run.")


def check_generator(flags: absl_flags.FlagValues) -> None:
    """Refuses flags that name both a run and an exported generator, or neither."""
    if (flags.workdir is None) == (flags.saved_model is None):
        raise UserError(
            "--workdir or --saved_model", "say which generator, one of them"
        )


def generator(
    flags: absl_flags.FlagValues,
) -> "tuple[Game | Exported, str, Record | None]":
    """Returns what generates by the flags, how the user named it, and its run's record."""
    check_generator(flags)
    if flags.saved_model:
        import_tensorflow()  # quietly
        from kgan.export.exported import Exported

        path = Path(flags.saved_model)
        return Exported(path), f"saved_model={flags.saved_model}", None
    game, record = restored(flags, from_noise=False)
    return game, f"workdir={flags.workdir}", record


def define_data() -> None:
    """Defines the flag that says where the images of a run lie now."""
    absl_flags.DEFINE_string(
        "dataset",
        None,
        "The images that the run learned from, if they lie elsewhere now.",
    )


def define_pictures() -> None:
    """Defines the flags of commands that read pictures and write others."""
    absl_flags.DEFINE_enum(
        "fit",
        None,
        ["crop", "pad", "stretch"],
        "What becomes of a picture of another size or mode; by default it is refused.",
    )
    absl_flags.DEFINE_bool(
        "overwrite", False, "Replace results that are there already."
    )


def restored(
    flags: absl_flags.FlagValues, from_noise: bool = True, endpoint: str = ""
) -> tuple["Game", "Record"]:
    """Returns the trained game and the record of the run that the flags name.

    Args:
        flags: absl's FLAGS.
        from_noise: refuse a run whose G starts from images, or which has no G.
        endpoint: of an `Input` from which G may start all the same.

    A record may come from anywhere, and a variant's file is a program: it runs
    only if the user names it.
    """
    if flags.workdir is None:
        raise UserError("workdir", "say which run")
    import_tensorflow()  # quietly
    from kgan.training.restore import restore, starts_from

    game, record = restore(flags.workdir, lambda name: _module(flags, name))
    start = starts_from(game)
    if from_noise and start and start.endpoint != endpoint:
        plural = start.field.kind.plural
        raise UserError(
            f"workdir={flags.workdir}",
            f"{record.variant} starts from {plural} and draws none from noise",
            f"use {command_of(game)}",
        )
    if from_noise and not game.samplers:
        raise UserError(
            f"workdir={flags.workdir}", f"{record.variant} makes no samples"
        )
    return game, record


def command_of(game: "Game") -> str:
    """Returns the command that uses the generator of a game."""
    from kgan.training.restore import starts_from

    start = starts_from(game)
    if start is None:
        return "bin/sample_gan"
    return COMMANDS.get((start.endpoint, start.field.kind.plural), IN_PYTHON)


def _module(flags, name):
    """The config module of the variant that a record names."""
    if name in variants.names():
        return variants.find(name)
    if not name.endswith(".py"):
        raise UserError(
            f"workdir={flags.workdir}",
            f"holds a run of {name!r}, which is no variant",
            f"its generator is {flags.workdir}/generator, for --saved_model",
        )
    if flags.variant is None:
        raise UserError(
            f"workdir={flags.workdir}",
            f"was trained with a program, {name}",
            f"if you trust that file, say `variant={name}`",
        )
    return variants.find(flags.variant)


def classifier_cache() -> Path | None:
    """Returns the folder for the trained classifiers, None where nothing is kept."""
    from kgan.files import cache_folder

    return cache_folder("classifiers")
