"""Edits pictures: bin/edit_image --workdir=runs/... --attribute=sefa-1 in.png out.png."""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_string(
        "attribute",
        None,
        "A direction that bin/find_directions found, such as mouth=smirk or sefa-1.",
    )
    flags.DEFINE_float(
        "strength",
        3.0,
        "How far to go, in deviations of z; below 0 the other way.",
        lower_bound=-100.0,
        upper_bound=100.0,
    )
    flags.DEFINE_list("keep", [], "Directions along which nothing shall move.")
    flags.DEFINE_bool(
        "anew",
        False,
        "Write what the generator makes, instead of adding its change to the picture.",
    )
    flags.DEFINE_integer(
        "steps", 200, "Of the inversion.", lower_bound=1, upper_bound=1_000_000
    )
    flags.DEFINE_enum(
        "fit",
        None,
        ["crop", "pad", "stretch"],
        "What becomes of a picture of another size or mode; by default it is refused.",
    )
    flags.DEFINE_integer("seed", 0, "Of the inversion.", lower_bound=0)
    flags.DEFINE_bool("overwrite", False, "Replace pictures that are there already.")


def edit(words: list[str]) -> None:
    """Edits the pictures of `words`; the last one says where the results go."""
    from kgan.applications import editing, encoding, inversion, results
    from kgan.applications.directions import FOLDER, Directions
    from kgan.applications.plan import plan
    from kgan.errors import UserError, printable

    if len(words) < 2:
        raise UserError(
            "say what to edit and where to",
            "in.png out.png, or files, folders and patterns, and a folder for the results",
        )
    if FLAGS.attribute is None:
        raise UserError("attribute", "say which direction")
    game, record = runs.restored(FLAGS)
    inversion.check_game(game)
    found = Directions.load(Path(FLAGS.workdir) / FOLDER, game)
    found.without(FLAGS.attribute, FLAGS.keep)
    planned = plan(words[:-1], Path(words[-1]).expanduser(), FLAGS.overwrite)
    images = results.read(game, record, planned, FLAGS.fit)
    edited, before = editing.edit(
        game,
        images,
        found,
        FLAGS.attribute,
        strength=FLAGS.strength,
        keep=FLAGS.keep,
        anew=FLAGS.anew,
        encoder=encoding.load_encoder(game, FLAGS.workdir),
        steps=FLAGS.steps,
        seed=FLAGS.seed,
    )
    for number, (source, path) in enumerate(planned.pairs):
        path.parent.mkdir(parents=True, exist_ok=True)
        game.real_field.kind.write(path, edited[number])
        told = f"its code is found with {before.psnr[number]:.1f} dB"
        print(f"{printable(str(source))}: {told} -> {printable(str(path))}")


def main() -> None:
    """Runs the command."""
    app.run(edit, FLAGS, define_flags, words=True)
