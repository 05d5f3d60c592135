"""Defends a classifier with a run's generator: bin/defend --workdir=runs/... in.png.

Writes what the generator makes nearest to each picture, and which class a classifier
names before and after. With --attack, the test images of the run are attacked first.
"""

from pathlib import Path

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path, define_seed, refuse_idle

FLAGS = flags.FLAGS
UNBOUND = ("none", "cw", "manifold")  # attacks that know no bound


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    define_path(
        "classifier",
        None,
        "The folder of a SavedModel, which is a program; by default a classifier that "
        "learns the data of the run.",
    )
    flags.DEFINE_list(
        "pixels",
        ["0", "1"],
        "The two values that --classifier takes for black and white, such as 0,255.",
    )
    _define_attack()
    flags.DEFINE_integer(
        "n",
        100,
        "How many test images of the run, where no pictures are named.",
        lower_bound=1,
        upper_bound=1_000_000,
    )
    _define_projection()


def _define_attack():
    flags.DEFINE_enum(
        "attack",
        "none",
        [
            "none",
            "fgsm",
            "pgd",
            "cw",
            "auto",
            "unrolled",
            "bpda",
            "tangent",
            "manifold",
        ],
        "Attack the images first, and count right answers: fgsm, pgd, cw and auto (AutoAttack; "
        "both need pip install 'kgan[robustness]') see the classifier alone; unrolled, bpda "
        "and tangent go through the defence, with three derivatives of it, and manifold stays "
        "within what the generator makes.",
    )
    flags.DEFINE_enum(
        "norm",
        "linf",
        ["linf", "l2"],
        "What --epsilon bounds: each pixel, or the Euclidean distance of the whole picture "
        "(pgd, bpda and tangent).",
    )
    flags.DEFINE_float(
        "epsilon",
        None,
        "The bound, in shares of the range; 0.3 by default, and needed with --norm=l2. cw "
        "and manifold know no bound.",
        lower_bound=0.0,
    )


def _define_projection():
    flags.DEFINE_integer(
        "restarts",
        10,
        "Codes that are tried for each picture.",
        lower_bound=1,
        upper_bound=200,
    )
    flags.DEFINE_integer(
        "steps",
        200,
        "Of the descent from each code.",
        lower_bound=1,
        upper_bound=1_000_000,
    )
    runs.define_pictures()
    runs.define_data()
    define_path("out", None, "Folder for the results; WORKDIR/defended by default.")
    define_seed("Of the codes and the attack.")


def defend(words: list[str]) -> None:
    """Defends a classifier on the pictures that `words` name, or on test images."""
    from kgan.applications import defence, inversion, results
    from kgan.errors import UserError

    if words and FLAGS.attack != "none":
        raise UserError(
            f"attack={FLAGS.attack}",
            "needs labels, which pictures of the command line have not",
            "leave the pictures out: the test images of the run have some",
        )
    _check_idle(words)
    epsilon = _epsilon()
    game, record = runs.restored(FLAGS)
    inversion.check_game(game)
    out = Path(FLAGS.out or Path(FLAGS.workdir) / defence.FOLDER)
    defence.check_out(out, FLAGS.overwrite)
    asked = None
    if words:
        plan = results.plan_of(words, out, FLAGS.overwrite, defence.WRITTEN)
        asked = plan, results.read(game, record, plan, FLAGS.fit)
    data, given = None, {"pixels": _pixels(), "cache": runs.classifier_cache()}
    given["classes"] = len(record.classes)
    if FLAGS.classifier is None or not words:
        data = defence.data_of(record, FLAGS.dataset)
    logits = defence.resolved(FLAGS.classifier, game.real_field.shape, data, **given)
    classes = data.classes if data else record.classes
    if asked is None:
        lines = _measured(game, data, logits, epsilon, out)
    else:
        plan, images = asked
        projection = _projection(game, len(images))
        found = defence.defend(game, images, logits, projection, FLAGS.seed)
        lines = defence.write_pictures(game, images, found, classes, plan, out)
    print("\n".join(lines))


def _check_idle(words):
    """Refuses flags that nothing reads."""
    from kgan.applications import defence

    if FLAGS.classifier is None:
        refuse_idle(FLAGS, ["pixels"], "without `classifier`")
    if FLAGS.attack in UNBOUND:
        refuse_idle(FLAGS, ["epsilon"], f"with `attack={FLAGS.attack}`")
    if FLAGS.attack not in defence.OF_NORMS:
        refuse_idle(FLAGS, ["norm"], f"with `attack={FLAGS.attack}`")
    if words:
        refuse_idle(FLAGS, ["n"], "where pictures are named")


def _epsilon():
    """The bound of --epsilon, or the one that a pixel has by default."""
    from kgan.applications.defence.measure import EPSILON
    from kgan.errors import UserError

    if FLAGS.epsilon is None:
        if FLAGS.norm == "l2":
            raise UserError(
                "norm=l2",
                "needs `epsilon`, the distance of the whole picture",
                "4 changes a picture of 28 x 28 pixels visibly",
            )
        return EPSILON
    if FLAGS.norm == "linf" and FLAGS.epsilon > 1:
        raise UserError(f"epsilon={FLAGS.epsilon:g}", "must be at most 1, the range")
    return FLAGS.epsilon


def _measured(game, data, logits, epsilon, out):
    """Attacks test images, and writes what became of them; returns lines about it."""
    from kgan.applications import defence

    images, labels = defence.tests_of(data, FLAGS.n)
    if len(images) < FLAGS.n:
        print(f"n={FLAGS.n}: there are {len(images)} test images, and all are taken")
    found = defence.measure(
        FLAGS.attack,
        logits,
        images,
        labels,
        _projection(game, len(images)),
        epsilon,
        seed=FLAGS.seed,
        norm=FLAGS.norm,
    )
    names = "attack", "classifier", "norm", "restarts", "steps", "seed"
    bound = None if FLAGS.attack in UNBOUND else epsilon
    about = {name: FLAGS[name].value for name in names} | {"epsilon": bound}
    return defence.write_measured(images, found, data.classes, about, out)


def _projection(game, images):
    from kgan.applications import defence

    return defence.Projection(game, FLAGS.restarts, FLAGS.steps, images)


def _pixels():
    """The two values of --pixels."""
    from kgan.errors import UserError

    try:
        low, high = map(float, FLAGS.pixels)
        if low != high and abs(low) + abs(high) < 1e6:
            return low, high
    except ValueError:
        pass
    told = ",".join(FLAGS.pixels)
    raise UserError(f"pixels={told}", "must be two different numbers, such as 0,255")


def main() -> None:
    """Runs the command."""
    app.run(defend, FLAGS, define_flags, words=True)
