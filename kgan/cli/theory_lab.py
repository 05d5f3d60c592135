"""Plays a theorem of the lecture: bin/theory_lab --experiment=nash."""

import os
from pathlib import Path

from absl import flags

from kgan.cli import app
from kgan.cli.flags import define_path

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    flags.DEFINE_string("experiment", None, "Which, by name; or all.")
    flags.DEFINE_bool("list", False, "Name the experiments, and stop.")
    flags.DEFINE_integer("seed", 0, "Where all randomness begins.", lower_bound=0)
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    define_path("out", "theory", "Receives numbers (JSON) and pictures.")


def perform_experiments() -> None:
    """Performs the experiments that are asked for."""
    from kgan.cli.flags import names_of
    from kgan.experiments.theory import EXPERIMENTS, perform

    if FLAGS.data_dir:
        os.environ["TFDS_DATA_DIR"] = FLAGS.data_dir
    if FLAGS.list:
        for experiment in EXPERIMENTS.values():
            print(f"{experiment.name}: {experiment.title}")
    else:
        for name in names_of("experiment", FLAGS.experiment, EXPERIMENTS):
            perform(EXPERIMENTS[name], Path(FLAGS.out), seed=FLAGS.seed)


def main() -> None:
    """Runs the command."""
    app.run(perform_experiments, FLAGS, define_flags)
