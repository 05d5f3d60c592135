"""Goes on with a film: bin/predict_frames --workdir=runs/... in.gif out.gif --n=10."""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_generator()
    flags.DEFINE_integer(
        "n", 10, "How many frames to predict.", lower_bound=1, upper_bound=10_000
    )
    flags.DEFINE_bool(
        "mark", True, "Draw a border around the frames that are predicted."
    )
    flags.DEFINE_enum(
        "fit",
        None,
        ["crop", "pad", "stretch"],
        "What becomes of frames of another shape; by default as the run was trained, crop "
        "for an export, which does not tell.",
    )
    flags.DEFINE_bool("overwrite", False, "Replace a GIF that is there already.")


def predict(words: list[str]) -> None:
    """Predicts frames; `words` are the film that is given, and the GIF that is written."""
    import numpy as np

    from kgan.applications import prediction
    from kgan.errors import UserError
    from kgan.pictures import save_animation

    if len(words) != 2:
        raise UserError("say which film goes on, and where to", "in.gif out.gif")
    out = prediction.checked_out(words[1], FLAGS.overwrite)
    game, name, record = runs.generator(FLAGS)
    fit = FLAGS.fit or (record.config.get("fit", "crop") if record else "crop")
    control = prediction.control_of(game, name)
    film = prediction.read(Path(words[0]).expanduser(), control, fit)
    seen = control.field.shape[0]
    made = prediction.predict(game.generate, film.frames, seen, FLAGS.n)
    join = prediction.marked if FLAGS.mark else lambda *parts: np.concatenate(parts)
    frames = prediction.enlarged(join(film.frames, made))
    out.parent.mkdir(parents=True, exist_ok=True)
    save_animation(out, frames, film.milliseconds)
    print(out)


def main() -> None:
    """Runs the command."""
    app.run(predict, FLAGS, define_flags, words=True)
