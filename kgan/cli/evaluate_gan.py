"""Measures a trained workdir, or an exported generator, against real images."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from absl import flags

from kgan.cli import app, runs
from kgan.cli.flags import define_path, define_seed

if TYPE_CHECKING:
    from kgan.training.record import Record

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    define_path(
        "saved_model",
        None,
        "An exported generator instead; needs --dataset. It is run.",
    )
    flags.DEFINE_string(
        "dataset", None, "The real images; those of the run by default."
    )
    flags.DEFINE_list(
        "condition",
        None,
        "The attributes of the real images whose combinations are the classes; those of the "
        "run by default. An export does not tell them.",
    )
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    _define_scores()


def _define_scores() -> None:
    flags.DEFINE_enum(
        "extractor",
        "auto",
        ["auto", "classifier", "inception", "pixels"],
        "What is compared: features of a classifier of the data set (auto, where there are "
        "labels), of InceptionV3, or pixels.",
    )
    flags.DEFINE_enum(
        "fit",
        None,
        ["crop", "pad", "stretch"],
        "What becomes of real images of another shape; by default as the run was trained, "
        "crop for an export, which does not tell.",
    )
    flags.DEFINE_integer(
        "n", 10_000, "How many samples.", lower_bound=20, upper_bound=1_000_000
    )
    define_seed("Of the samples.")
    define_path("out", None, "The JSON to write; WORKDIR/evaluation.json by default.")
    flags.DEFINE_string(
        "compare", None, "The JSON of another evaluation to compare with."
    )


def evaluate() -> None:
    """Measures a generator, prints the scores and writes them."""
    from kgan import evaluation

    old = evaluation.read(FLAGS.compare) if FLAGS.compare else None
    source, dataset, record, out = subject()
    reference = _reference(source, dataset, record)
    changes = []
    if record and dataset == record.dataset:
        changes = record.data_changes(reference.train)
    if changes:
        print(f"the data have changed since the run: {'; '.join(changes)}")
    scores, details, closest = evaluation.measure(
        source, reference, n=FLAGS.n, seed=FLAGS.seed
    )
    details |= {"data_changes": changes} if changes else {}
    print("\n".join(evaluation.lines(scores)))
    print("\n".join(evaluation.detail_lines(details)))
    if out:
        evaluation.write(out, scores, details)
        print(out)
        if closest:
            nearest = f"{len(reference.real.kept):,} training images"
            told = f"samples above, their nearest of {nearest} below"
            _save(out, "closest", told, evaluation.pairs_picture(closest))
        asked = evaluation.asked_picture(source, reference, FLAGS.seed)
        if asked is not None:
            _save(out, "asked", "samples, and below each what it was asked for", asked)
    if old:
        print("\n".join(evaluation.compared(scores, old)))


def _reference(source: Any, dataset: str, record: "Record | None") -> Any:
    """The real images, as the run learned them."""
    from kgan import evaluation

    return evaluation.reference(
        dataset,
        source.shape,
        n=FLAGS.n,
        classes=source.classes,
        levels=record.levels("real") if record else (),
        fit=FLAGS.fit or (record.config["fit"] if record else "crop"),
        split=record.split if record and dataset == record.dataset else "train",
        extractor=FLAGS.extractor,
        captions=source.text is not None,
        condition=_condition(record),
        data_dir=FLAGS.data_dir or (record and record.data_dir),
        cache=runs.classifier_cache(),
    )


def _condition(record: "Record | None") -> tuple[str, ...]:
    """The attributes whose combinations are the classes; () for the data's own."""
    if FLAGS.condition is not None:
        return tuple(FLAGS.condition)
    return record.class_attributes if record else ()


def _save(out: Path, name: str, told: str, picture: Any) -> None:
    """Writes a picture next to the scores, and says what it shows."""
    from kgan.pictures import save_png

    path = out.with_name(f"{out.stem}-{name}.png")
    save_png(path, picture)
    print(f"{path}: {told}")


def subject() -> tuple[Any, str, "Record | None", Path | None]:
    """Returns the source, its data set, its run's record, and the path of the scores."""
    from kgan import evaluation
    from kgan.data.kinds import Image
    from kgan.errors import UserError

    runs.check_generator(FLAGS)
    if FLAGS.saved_model and FLAGS.dataset is None:
        raise UserError("dataset", "say which real images the samples are to be like")
    given = Path(FLAGS.out) if FLAGS.out else None
    if given:
        given.parent.mkdir(parents=True, exist_ok=True)
    if FLAGS.saved_model:
        path = Path(FLAGS.saved_model)
        return evaluation.SavedModelSource(path), FLAGS.dataset, None, given
    game, record = runs.restored(FLAGS)
    made = record.fields["real"].kind
    if made != Image():
        raise UserError(
            f"workdir={FLAGS.workdir}",
            f"{record.variant} makes {made.plural} there; scores are of pictures",
        )
    out = given or Path(FLAGS.workdir) / "evaluation.json"
    return evaluation.GameSource(game), FLAGS.dataset or record.dataset, record, out


def main() -> None:
    """Runs the command."""
    app.run(evaluate, FLAGS, define_flags)
