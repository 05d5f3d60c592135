"""Plays a theorem about GANs: bin/theory_lab --experiment=nash."""

import os
from pathlib import Path

from absl import flags

from kgan.cli import app
from kgan.cli.flags import define_path, define_seed, refuse_idle

FLAGS = flags.FLAGS
OF_DIGITS = "mode_collapse"  # the experiment that reads data


def define_flags() -> None:
    """Defines the flags."""
    flags.DEFINE_string("experiment", None, "Which, by name; or all.")
    flags.DEFINE_bool("list", False, "Name the experiments, and stop.")
    define_seed("Where all randomness begins.")
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    define_path("out", "theory", "Receives numbers (JSON) and pictures.")


def perform_experiments() -> None:
    """Performs the experiments that are asked for."""
    from kgan.cli.flags import names_of
    from kgan.data import load
    from kgan.experiments.theory import EXPERIMENTS, perform

    if FLAGS.list:
        refuse_idle(FLAGS, ("experiment", "seed", "data_dir", "out"), "with `list`")
        for experiment in EXPERIMENTS.values():
            print(f"{experiment.name}: {experiment.title}")
    else:
        names = names_of("experiment", FLAGS.experiment, EXPERIMENTS)
        if OF_DIGITS not in names:
            refuse_idle(FLAGS, ["data_dir"], f"without `experiment={OF_DIGITS}`")
        if FLAGS.data_dir:
            os.environ["TFDS_DATA_DIR"] = FLAGS.data_dir
            load("mnist", split="test[:1]", log=lambda line: None)  # or says why not
        for name in names:
            perform(EXPERIMENTS[name], Path(FLAGS.out), seed=FLAGS.seed)


def main() -> None:
    """Runs the command."""
    app.run(perform_experiments, FLAGS, define_flags)
