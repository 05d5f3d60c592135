"""Translates pictures: bin/translate_image --workdir=runs/... in.png out.png."""

from pathlib import Path
from typing import TYPE_CHECKING

from absl import flags

from kgan.cli import app, runs

if TYPE_CHECKING:
    import numpy as np

    from kgan.applications.translation import Way

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_generator()
    flags.DEFINE_enum(
        "direction",
        None,
        ["AtoB", "BtoA"],
        "Which way; by default as the run was trained. A is a saved model's source.",
    )
    flags.DEFINE_bool(
        "tiles",
        False,
        "Leave pictures at their own scale, instead of that of the training.",
    )
    flags.DEFINE_enum(
        "fit",
        None,
        ["crop", "pad", "stretch"],
        "What became of images of another shape in training; by default as the run was "
        "trained, crop for a saved model.",
    )
    flags.DEFINE_bool("overwrite", False, "Replace pictures that are there already.")


def translate(words: list[str]) -> None:
    """Translates pictures; the last of `words` says where the results go."""
    from kgan.applications import translation as translating
    from kgan.applications.plan import look, plan
    from kgan.data.decoding import picture
    from kgan.data.decoding.opening import UnusablePicture
    from kgan.errors import UserError, few, printable

    if len(words) < 2:
        raise UserError(
            "say what to translate and where to",
            "in.png out.png, or files, folders and patterns, and a folder for the results",
        )
    pairs, lines = plan(words[:-1], Path(words[-1]).expanduser(), FLAGS.overwrite)
    way, levels = trained()
    print("\n".join(lines), end="\n" * bool(lines))
    levels = look([source for source, _ in pairs], levels, print)
    failures = []
    for source, out in pairs:
        try:
            pixels, alpha = picture.read_whole(source, levels)
        except UnusablePicture as error:
            failures.append(f"{printable(str(source))}: {error}")
            continue
        out.parent.mkdir(parents=True, exist_ok=True)
        write(out, translating.translate(way, pixels, FLAGS.tiles), alpha)
        print(printable(str(out)))
    if failures:
        done = f"; the other {len(pairs) - len(failures)} are done" * (len(pairs) > 1)
        raise UserError(f"{len(failures)} failed: {few(failures)}{done}", exit_code=1)


def trained() -> "tuple[Way, tuple]":
    """Returns the `Way` that the flags ask for, and the levels of its source."""
    from kgan.applications import translation as translating
    from kgan.errors import UserError

    runs.check_generator(FLAGS)
    if FLAGS.saved_model:
        path = Path(FLAGS.saved_model)
        back = FLAGS.direction == "BtoA"
        return translating.way_of_export(path, back, FLAGS.fit or "crop"), ()
    game, record = runs.restored(FLAGS, from_noise=False)
    if runs.command_of(game) != "bin/translate_image":
        raise UserError(
            f"workdir={FLAGS.workdir}",
            f"{record.variant} does not translate",
            f"use {runs.command_of(game)}",
        )
    fit = FLAGS.fit or record.config["fit"]
    name = f"`workdir={FLAGS.workdir}`"
    if not record.asked:  # one domain, whose images it changes
        back = FLAGS.direction == "BtoA"
        return translating.way_of_game(game, back, name, fit), record.levels("real")
    back = FLAGS.direction not in (None, record.asked["direction"])
    way = translating.way_of_game(game, back, name, fit)
    return way, record.levels("real" if back else "source")


def write(path: Path, pixels: "np.ndarray", alpha: "np.ndarray | None") -> None:
    """Writes a picture, with its transparency."""
    import numpy as np

    from kgan.pictures import save_png

    if alpha is not None:
        colour = pixels.repeat(3 // pixels.shape[-1], -1)
        pixels = np.concatenate([colour, alpha[..., None]], -1)
    save_png(path, pixels)


def main() -> None:
    """Runs the command."""
    app.run(translate, FLAGS, define_flags, words=True)
