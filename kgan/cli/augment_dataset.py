"""Writes a labelled folder of generated images, to train a classifier with.

bin/augment_dataset --workdir=runs/cgan-digits --n=10 --out=more-digits
"""

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path, define_seed

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_integer(
        "n", 10, "How many images of each class.", lower_bound=0, upper_bound=1_000_000
    )
    define_path(
        "out",
        None,
        "The folder to write, a subfolder for each class and manifest.json; nothing may "
        "be in it.",
    )
    flags.DEFINE_list(
        "counts",
        [],
        "Classes with another number of images than --n, such as cat=50,dog=0.",
    )
    flags.DEFINE_float(
        "memorised",
        0.01,
        "Leave an image out as a copy if it is nearer to a training image than this "
        "share of the held-out images is; 0 keeps all.",
    )
    flags.DEFINE_float(
        "confidence",
        0.0,
        "Leave an image out if a classifier, trained on the data of the run, gives its "
        "class a lower probability; 0 asks no classifier.",
    )
    runs.define_data()
    define_seed("Equal seeds give equal images.")


def augment() -> None:
    """Writes the folder."""
    from kgan.applications import augmentation
    from kgan.errors import UserError

    if FLAGS.out is None:
        raise UserError("out", "say which folder to write")
    counts = dict(map(_count, FLAGS.counts))
    game, record = runs.restored(FLAGS)
    augmentation.augment_run(
        game,
        record,
        FLAGS.out,
        FLAGS.n,
        counts=counts,
        memorised=FLAGS.memorised,
        confidence=FLAGS.confidence,
        dataset=FLAGS.dataset,
        seed=FLAGS.seed,
        cache=runs.classifier_cache(),
    )
    print(FLAGS.out)


def _count(text):
    """The name of a class and the number of images, of a text such as "cat=50"."""
    from kgan.errors import UserError

    name, _, number = text.rpartition("=")
    if not name or not number.isdigit():
        raise UserError(f"counts={text}", "must be NAME=NUMBER, such as cat=50")
    return name, int(number)


def main() -> None:
    """Runs the command."""
    app.run(augment, FLAGS, define_flags)
