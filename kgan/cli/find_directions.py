"""Finds directions of z: bin/find_directions --workdir=runs/... --method=sefa.

Writes WORKDIR/directions/METHOD.npz, for bin/edit_image, and a sheet of what each does.
"""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_seed

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_enum(
        "method",
        "sefa",
        ["svm", "sefa", "pca"],
        "svm: one for each option of --attributes, by a classifier of the run's data; "
        "sefa: what moves G's first layer most; pca: of its first activations.",
    )
    flags.DEFINE_list(
        "attributes",
        [],
        "With --method=svm: columns of the table of the run's folder, or class.",
    )
    flags.DEFINE_integer(
        "count", 10, "Directions of sefa and pca.", lower_bound=1, upper_bound=100
    )
    flags.DEFINE_integer(
        "samples", 10_000, "Codes for svm.", lower_bound=100, upper_bound=1_000_000
    )
    flags.DEFINE_integer(
        "rows", 1, "Samples a direction in the sheet.", lower_bound=1, upper_bound=10
    )
    runs.define_data()
    define_seed("Of the samples.")


def find() -> None:
    """Finds directions, and writes them."""
    from kgan.applications import directions, finding
    from kgan.pictures import save_png

    game, record = runs.restored(FLAGS)
    found = finding.find(
        game,
        record,
        FLAGS.method,
        attributes=FLAGS.attributes,
        count=FLAGS.count,
        samples=FLAGS.samples,
        dataset=FLAGS.dataset,
        seed=FLAGS.seed,
        cache=runs.classifier_cache(),
    )
    supervised = FLAGS.method == "svm"
    what = "held-out codes on the right side" if supervised else "of the variance"
    for name, score in zip(found.names, found.scores, strict=True):
        print(f"{name}: {100 * score:.1f} % {what}")
    path = Path(FLAGS.workdir) / directions.FOLDER / f"{FLAGS.method}.npz"
    if supervised:
        found = found.with_others(path, game)
    found.save(path)
    picture = directions.sheet(game, found.vectors, FLAGS.rows, FLAGS.seed)
    save_png(path.with_suffix(".png"), picture)
    print(path)
    print(f"{path.with_suffix('.png')}: a row for each, from -3 to 3 deviations")


def main() -> None:
    """Runs the command."""
    app.run(find, FLAGS, define_flags)
