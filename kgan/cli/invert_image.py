"""Finds the latents of pictures: bin/invert_image --workdir=runs/... in.png more.png.

Writes what the generator makes of them, a sheet of both, and the latents.
"""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path, define_seed, refuse_idle

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    define_path("out", None, "Folder for the results; WORKDIR/inverted by default.")
    flags.DEFINE_enum(
        "method",
        None,
        ["encoder", "optimise", "both"],
        "How: read off by the encoder, by a descent of the error, or the one from the "
        "other; both where the run has an encoder, else optimise.",
    )
    flags.DEFINE_bool(
        "train_encoder", False, "Train the encoder of the run first, and keep it there."
    )
    flags.DEFINE_integer(
        "updates", 1000, "Of the encoder.", lower_bound=1, upper_bound=10_000_000
    )
    flags.DEFINE_integer(
        "steps", 200, "Of the descent.", lower_bound=1, upper_bound=1_000_000
    )
    flags.DEFINE_integer(
        "restarts",
        1,
        "Starts of the descent for each picture and label, with --method=optimise.",
        lower_bound=1,
        upper_bound=200,
    )
    _define_others()


def _define_others():
    runs.define_pictures()
    runs.define_data()
    define_seed("Of the starts and the encoder.")


def invert(words: list[str]) -> None:
    """Inverts the pictures that `words` name, and writes the results."""
    from kgan.applications import encoding, inversion, results
    from kgan.errors import UserError

    if not words and not FLAGS.train_encoder:
        raise UserError("say which pictures", "files, folders and patterns")
    game, record = runs.restored(FLAGS)
    inversion.check_game(game)
    out = Path(FLAGS.out or Path(FLAGS.workdir) / inversion.FOLDER)
    asked = None
    if words:
        plan = results.plan_of(words, out, FLAGS.overwrite)
        asked = plan, results.read(game, record, plan, FLAGS.fit)
    encoder = None
    if not FLAGS.train_encoder and FLAGS.method != "optimise":
        encoder = encoding.load_encoder(game, FLAGS.workdir)
    known = encoder or FLAGS.train_encoder
    method = FLAGS.method or ("both" if known else "optimise")
    _check_idle(method)
    if FLAGS.train_encoder:
        encoder = encoding.of_run(
            game, record, FLAGS.dataset, updates=FLAGS.updates, seed=FLAGS.seed
        )
        print(encoding.save_encoder(game, encoder, FLAGS.workdir))
    if asked is None:
        return
    plan, images = asked
    found = inversion.invert(
        game,
        images,
        method,
        encoder,
        steps=FLAGS.steps,
        restarts=FLAGS.restarts,
        seed=FLAGS.seed,
    )
    print("\n".join(results.write(game, images, found, plan, out)))


def _check_idle(method):
    """Refuses flags that the method does not read."""
    if not FLAGS.train_encoder:
        refuse_idle(FLAGS, ["updates"], "without `train_encoder`")
    if method != "optimise":
        refuse_idle(FLAGS, ["restarts"], f"with `method={method}`")
    if method == "encoder":
        refuse_idle(FLAGS, ["steps"], f"with `method={method}`")


def main() -> None:
    """Runs the command."""
    app.run(invert, FLAGS, define_flags, words=True)
