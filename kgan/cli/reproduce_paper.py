"""Measures a paper's table: bin/reproduce_paper --table=dirac."""

import os
from pathlib import Path

from absl import flags

from kgan.cli import app
from kgan.cli.flags import define_path

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    flags.DEFINE_string("table", None, "Which, by name; or all.")
    flags.DEFINE_bool("list", False, "Name the tables, and stop.")
    flags.DEFINE_bool("quick", False, "Each in under 3 minutes: fewer seeds and steps.")
    flags.DEFINE_float(
        "budget_minutes",
        0.0,
        "Begin nothing after so long; the same command goes on. 0 is no bound.",
        lower_bound=0.0,
    )
    flags.DEFINE_list(
        "readme",
        [],
        "Texts to write an overview of the tables of --out into, between their marks; the "
        "tables' own pages are written anew as well. Nothing is measured.",
    )
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    define_path(
        "images_dir",
        None,
        "Holds folders of data by name: facades, usps, noto_emoji, chorales, motion, names, "
        "avatars, seqgan_oracle; $KGAN_IMAGES_DIR by default.",
    )
    define_path("out", "reproductions", "Receives JSON, Markdown and pictures.")


OF_POINTS = "ring", "grid"


def prepare() -> None:
    """Sets one thread for the tables of points."""
    if FLAGS.table in OF_POINTS:
        app.one_thread()


def reproduce_tables() -> None:
    """Measures the tables that are asked for."""
    from kgan.cli.flags import named, names_of
    from kgan.experiments.papers import TABLES, Lacking, embed, reproduce, rewrite
    from kgan.files import write_text

    out = Path(FLAGS.out)
    if FLAGS.data_dir:
        os.environ["TFDS_DATA_DIR"] = FLAGS.data_dir
    if FLAGS.images_dir:
        os.environ["KGAN_IMAGES_DIR"] = FLAGS.images_dir
    if FLAGS.list:
        for table in TABLES.values():
            print(f"{table.name}: {table.title}")
    elif FLAGS.readme:
        for table in TABLES.values():
            rewrite(table, out)
        for name in FLAGS.readme:
            path = Path(name).expanduser()
            write_text(path, embed(path, out))
            print(path)
    else:
        limits = {"quick": FLAGS.quick, "budget_minutes": FLAGS.budget_minutes}
        for name in names_of("table", FLAGS.table, TABLES):
            try:
                print(reproduce(TABLES[name], out, **limits))
            except Lacking as lack:
                if FLAGS.table != "all":
                    raise
                # The other tables need no such folder.
                print(lack.written(named(FLAGS)))


def main() -> None:
    """Runs the command."""
    app.run(reproduce_tables, FLAGS, define_flags, prepare=prepare)
