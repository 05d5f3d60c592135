"""Edits pictures: bin/edit_image --workdir=runs/... --attribute=sefa-1 in.png out.png.

What there is to edit is what the run offers: attributes of a run that changes them, such as
one of `attgan`, and directions that bin/find_directions found for others.
"""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_seed

FLAGS = flags.FLAGS
OF_CODES = ("strength", "keep", "anew", "steps", "seed")  # of edits by directions


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_string(
        "attribute",
        None,
        "What to change: NAME=VALUE of a run that changes attributes, such as mouth=smirk; "
        "for others a direction that bin/find_directions found.",
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
    runs.define_pictures()
    define_seed("Of the inversion.")


def edit(words: list[str]) -> None:
    """Edits the pictures of `words`; the last one says where the results go."""
    from kgan.applications import editing, results
    from kgan.applications.plan import plan
    from kgan.errors import UserError, printable

    if len(words) < 2:
        raise UserError(
            "say what to edit and where to",
            "in.png out.png, or files, folders and patterns, and a folder for the results",
        )
    if FLAGS.attribute is None:
        raise UserError("attribute", "say what to change")
    game, record = runs.restored(FLAGS, endpoint="edit")
    editor = editing.editor_of(game, FLAGS.workdir)
    settings = {k: FLAGS[k].value for k in OF_CODES if FLAGS[k].present}
    editor.check(FLAGS.attribute, **settings)
    planned = plan(words[:-1], Path(words[-1]).expanduser(), FLAGS.overwrite)
    images = results.read(game, record, planned, FLAGS.fit)
    edited, lines = editor(images, FLAGS.attribute, **settings)
    for (source, path), pixels, told in zip(planned.pairs, edited, lines, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        game.real_field.kind.write(path, pixels)
        print(f"{printable(str(source))}: {told} -> {printable(str(path))}")


def main() -> None:
    """Runs the command."""
    app.run(edit, FLAGS, define_flags, words=True)
