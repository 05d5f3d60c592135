"""Adds voices to a melody: bin/accompany --workdir=runs/... melody.mid out.mid."""

from pathlib import Path
from typing import Any

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_seed

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_generator()
    define_seed("Equal seeds add equal voices.")
    flags.DEFINE_integer(
        "transpose",
        0,
        "Semitones by which the melody is moved up.",
        lower_bound=-60,
        upper_bound=60,
    )
    flags.DEFINE_bool("overwrite", False, "Replace files that are there already.")


def accompany(words: list[str]) -> None:
    """Adds voices; `words` are the MIDI file that is given, and the one that is written."""
    from kgan.applications import accompaniment
    from kgan.errors import UserError
    from kgan.pictures import save_png

    if len(words) != 2:
        raise UserError("say which melody, and where to", "melody.mid out.mid")
    out = _out(Path(words[1]).expanduser())
    game, name, _ = runs.generator(FLAGS)
    control = accompaniment.control_of(game, name)
    melody = accompaniment.read(Path(words[0]).expanduser(), control, FLAGS.transpose)
    steps = control.field.shape[0]
    roll = accompaniment.accompany(game.generate, melody, steps, FLAGS.seed)
    given: Any = control.field.kind
    kind = accompaniment.kind_of(roll, given.ticks)
    out.parent.mkdir(parents=True, exist_ok=True)
    kind.write(out, roll)
    save_png(out.with_suffix(".png"), kind.picture(roll[None], 1))
    print(*(out.with_suffix(suffix) for suffix in (".mid", ".wav", ".png")), sep="\n")


def _out(path):
    """The path of the result, which is refused if a file is there already."""
    from kgan.errors import UserError

    if path.suffix != ".mid":
        raise UserError(path, "must end in .mid")
    for one in (path.with_suffix(suffix) for suffix in (".mid", ".wav", ".png")):
        if one.exists() and not FLAGS.overwrite:
            raise UserError(one, "is there already", "say `overwrite` to replace it")
    return path


def main() -> None:
    """Runs the command."""
    app.run(accompany, FLAGS, define_flags, words=True)
