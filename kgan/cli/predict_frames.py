"""Goes on with a film: bin/predict_frames --workdir=runs/... in.gif out.gif --n=10."""

from pathlib import Path
from typing import Any

from absl import flags

from kgan.cli import app, runs

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_string(
        "saved_model", None, "An exported generator, in place of a run."
    )
    flags.DEFINE_integer(
        "n", 10, "How many frames to predict.", lower_bound=1, upper_bound=10_000
    )
    flags.DEFINE_bool(
        "mark", True, "Draw a border around the frames that are predicted."
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
    game, name, fit = _trained()
    control = prediction.control_of(game, name)
    film = prediction.read(Path(words[0]).expanduser(), control, fit)
    seen = control.field.shape[0]
    made = prediction.predict(game.generate, film.frames, seen, FLAGS.n)
    join = prediction.marked if FLAGS.mark else lambda *parts: np.concatenate(parts)
    frames = prediction.enlarged(join(film.frames, made))
    out.parent.mkdir(parents=True, exist_ok=True)
    save_animation(out, frames, film.milliseconds)
    print(out)


def _trained() -> tuple[Any, str, str]:
    """The generator, what the user called it, and how its films were fitted."""
    from kgan.errors import UserError

    if (FLAGS.workdir is None) == (FLAGS.saved_model is None):
        raise UserError(
            "--workdir or --saved_model", "say which generator, one of them"
        )
    if FLAGS.saved_model:
        from kgan.export.exported import Exported

        path = Path(FLAGS.saved_model).expanduser()
        return Exported(path), f"saved_model={FLAGS.saved_model}", "crop"
    game, record = runs.restored(FLAGS, from_noise=False)
    fit = record.config.get("fit", "crop")
    return game, f"workdir={FLAGS.workdir}", fit


def main() -> None:
    """Runs the command."""
    app.run(predict, FLAGS, define_flags, words=True)
