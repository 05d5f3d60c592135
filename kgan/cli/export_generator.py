"""Exports the generator of a trained workdir as a SavedModel."""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    define_path("out", None, "The folder to write; WORKDIR/generator by default.")


def export() -> None:
    """Exports the generator of a run."""
    from kgan.export.endpoints import endpoints
    from kgan.export.saved_model import export_generator

    game, _ = runs.restored(FLAGS, from_noise=False)
    path = Path(FLAGS.out or Path(FLAGS.workdir) / "generator")
    export_generator(game, path)
    print(f"{path}: {', '.join(endpoints(game))}")


def main() -> None:
    """Runs the command."""
    app.run(export, FLAGS, define_flags)
