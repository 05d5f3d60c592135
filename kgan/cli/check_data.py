"""Checks data before a training: bin/check_data --variant=dcgan --dataset=photos.

It says what a training would use and what not, which pictures are odd, and whether there
is enough. The exit code is 1 where training would mislead.
"""

import json
import sys
from pathlib import Path

from absl import flags

from kgan.cli import app, train_gan, variants
from kgan.cli.flags import chosen, define_path, marked, named

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    train_gan.define_data()
    train_gan.define_domains()
    define_path("json", None, "Receives the report as JSON.")
    define_path(
        "sheet", None, "Receives a contact sheet, a PNG of the pictures that are odd."
    )


def check() -> None:
    """Prints the report, writes it, and exits with 1 where training would mislead."""
    from kgan.data.checking.sheet import contact_sheet
    from kgan.files import write_text
    from kgan.pictures import save_png
    from kgan.training.check_data import check_data
    from kgan.training.options import Options
    from kgan.training.run import Variant

    module = variants.find(FLAGS.variant)
    config = chosen(FLAGS, module.Config)
    options = Options(
        split=FLAGS.split, data_dir=FLAGS.data_dir, download=FLAGS.download
    )
    variant = Variant.of(FLAGS.variant, module)
    report = check_data(variant, train_gan.wanted(config), config, options)
    for line in report.lines():
        print(marked(line, named(FLAGS)))
    if FLAGS.json:
        text = json.dumps(report.plain(), indent=2)
        write_text(Path(FLAGS.json), text + "\n")
    if FLAGS.sheet:
        save_png(Path(FLAGS.sheet), contact_sheet(report))
    if report.misleads:
        sys.exit(1)


def main() -> None:
    """Runs the command."""
    app.run(check, FLAGS, define_flags, prepare=train_gan.define_config)
