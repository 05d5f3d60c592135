"""Trains a GAN: bin/train_gan --variant=infogan --dataset=digits."""

import dataclasses
import functools
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from absl import flags

from kgan.cli import app, computing, launch, runs, variants
from kgan.cli.flags import chosen, define, define_path, marked, named
from kgan.cli.frameworks import import_tensorflow

if TYPE_CHECKING:
    from kgan.training.follower import Follower
    from kgan.training.trainer import Trainer

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    define_data()
    define_domains()
    computing.define_flags()
    _define_keeping()
    _define_watching()


def define_data() -> None:
    """Defines the flags that name the variant and its data."""
    flags.DEFINE_string(
        "variant",
        "infogan",
        f"{', '.join(variants.names())}, or a file NAME.py of your own. crypto is an "
        "experiment in learning, no cipher: protect nothing with it.",
    )
    flags.DEFINE_string(
        "dataset",
        None,
        "digits, coloured_digits, tinted_digits, ring, grid, messages16 or oracle (come "
        "with kgan), coloured_mnist, tinted_fashion, the name of a TFDS image data set, a folder of images, or what "
        "bin/prepare_data wrote; for next_frame moving_digits, moving_mnist, or a folder of films; for music chorales, a "
        "folder of MIDI files, or a JSON file; for next_pose a folder of motions; for text a "
        "file of lines, NAME.txt; the variant's own by default, mostly digits.",
    )
    flags.DEFINE_string(
        "split",
        "train",
        "Which part of it to learn from; of TFDS sets also train[:50000].",
    )
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    flags.DEFINE_bool("download", False, "Let TFDS fetch a data set that is not there.")


def define_domains() -> None:
    """Defines the flags of two domains."""
    flags.DEFINE_string("source", None, "Translations: the data set to translate from.")
    flags.DEFINE_string("target", None, "Translations: the data set to translate into.")
    flags.DEFINE_enum(
        "task",
        None,
        ["edges", "colourise", "complete", "superresolve"],
        "Translations: make the source out of --dataset's pictures: their outlines, their "
        "greys, all but a hole (usual without pairs), or a blurred copy; edges with pairs.",
    )
    flags.DEFINE_enum(
        "direction",
        None,
        ["AtoB", "BtoA"],
        "Translations: which way; A is the left image, trainA, or what --task makes.",
    )


def _define_keeping():
    define_path(
        "workdir", None, "Receives everything; runs/VARIANT-DATASET by default."
    )
    flags.DEFINE_string(
        "init_from",
        None,
        "The workdir of another run, whose networks (weights and moving averages) this "
        "one starts from as far as they fit; a run that resumes does not need it.",
    )
    flags.DEFINE_bool(
        "fresh", False, "Begin anew; a run that is in the workdir is moved aside."
    )
    flags.DEFINE_string(
        "checkpoint_every",
        "1min",
        "When to save: 1min, 30s, 500steps, 1epoch, or several joined by commas.",
    )
    flags.DEFINE_integer(
        "keep_checkpoints", 2, "How many checkpoints stay.", lower_bound=1
    )
    flags.DEFINE_integer(
        "evaluate_every",
        0,
        "Epochs from one evaluation (the Frechet distance of 5,000 samples) to the next; "
        "the best generator is kept in WORKDIR/best. 0 is never.",
        lower_bound=0,
    )


def _define_watching():
    flags.DEFINE_enum(
        "on_sick",
        "warn",
        ["warn", "stop", "rollback"],
        "What follows a verdict of ill health: a line; the end; or the last healthy "
        "checkpoint again at half the learning rates, three times at most; once it has "
        "diverged at a tenth, and the third time from its beginning.",
    )
    flags.DEFINE_bool(
        "stop_at_equilibrium",
        False,
        "End once D cannot tell real from generated any more.",
    )
    flags.DEFINE_integer(
        "health_every",
        100,
        "Steps from one check of the run's health to the next.",
        lower_bound=1,
    )
    flags.DEFINE_bool("dry_run", False, "Print what would be trained, and stop.")


def define_config() -> Callable[[], Any]:
    """Defines flags for the fields of the variant; returns the check of their values."""
    config_class = variants.find(FLAGS.variant).Config
    define(FLAGS, config_class)
    return functools.partial(chosen, FLAGS, config_class)


def define_run() -> Callable[[], Any]:
    """Returns the check of the configuration, which starts the workers if asked for."""
    check = define_config()

    def begin():
        config = check()
        if FLAGS.cluster == "slurm":
            import_tensorflow(devices=False)
        if launch.wanted(FLAGS):
            folder = place(wanted(config))
            sys.exit(launch.Workers(FLAGS.workers, folder, FLAGS.restarts).train())

    return begin


def train() -> None:
    """Trains, or shows what would be trained."""
    from tqdm import tqdm

    from kgan.training.options import Options
    from kgan.training.run import Variant, prepare

    module = variants.find(FLAGS.variant)
    config = chosen(FLAGS, module.Config)
    dataset = wanted(config)
    from_noise = not config.domains and config.learns_from == "images"
    if FLAGS.evaluate_every and not from_noise:
        raise not_evaluated()
    same = [field.name for field in dataclasses.fields(Options) if field.name in FLAGS]
    given: Any = {option: FLAGS[option].value for option in same}
    options = Options(
        **given,
        evaluate=evaluator(config) if FLAGS.evaluate_every else None,
        command=command(),
        log=lambda line: tqdm.write(marked(line, named(FLAGS))),
    )
    variant = Variant.of(FLAGS.variant, module)
    trainer = prepare(variant, dataset, config, place(dataset), options, variants.load)
    if FLAGS.evaluate_every:
        check_evaluated(trainer.game)
    if not FLAGS.dry_run:
        trainer.train()
    elif trainer.cluster.chief:
        show(trainer)


def check_evaluated(game: Any) -> None:
    """Raises UserError if a game makes no images: on points no score is measured."""
    from kgan.data.kinds import Image

    if game.real_field.kind != Image():
        raise not_evaluated()


def not_evaluated() -> Exception:
    """A UserError for --evaluate_every."""
    from kgan.errors import UserError

    return UserError(
        "evaluate_every",
        f"scores are of images from noise, and {FLAGS.variant} makes none here",
        "leave it out",
    )


def place(dataset: Any) -> Path:
    """Returns the workdir of the run."""
    if FLAGS.workdir:
        return Path(FLAGS.workdir)
    import_tensorflow(devices=False)
    from kgan.training.workdir import default_workdir

    return default_workdir(FLAGS.variant, dataset).expanduser()


def wanted(config: Any) -> Any:
    """Returns the data set that is asked for, or a `DomainSource` for two domains."""
    from kgan.errors import UserError

    given = [n for n in ("source", "target", "task", "direction") if FLAGS[n].present]
    if not config.domains:
        if given:
            raise UserError(
                given[0],
                f"{FLAGS.variant} learns from one data set",
                "use pix2pix, cyclegan, discogan or dualgan",
            )
        return FLAGS.dataset or config.dataset
    import_tensorflow(devices=False)
    from kgan.data import DomainSource

    named = FLAGS.source or FLAGS.target
    if named and FLAGS["dataset"].present:
        raise UserError("dataset", "say either that, or `source` and `target`")
    if named and FLAGS.direction:
        raise UserError("direction", "`source` and `target` say it already")
    return DomainSource(
        dataset="" if named else FLAGS.dataset or config.dataset,
        source=FLAGS.source or "",
        target=FLAGS.target or "",
        task=FLAGS.task or "",
        direction=FLAGS.direction or "AtoB",
    ).checked(config.paired)


def evaluator(config: Any) -> tuple[int, Callable[..., Any]]:
    """Returns the epochs between evaluations, and game -> (name, Frechet distance)."""
    from kgan import evaluation

    @functools.cache
    def real(shape):
        return evaluation.reference(
            FLAGS.dataset or config.dataset,
            shape,
            n=evaluation.IN_A_RUN,
            levels=config.range,
            fit=config.fit,
            split=FLAGS.split,
            captions=config.captioned,
            condition=config.class_attributes,
            data_dir=FLAGS.data_dir,
            cache=runs.classifier_cache(),
        )

    def distance(game):
        source = evaluation.GameSource(game)
        return evaluation.distance(source, real(source.shape))

    return FLAGS.evaluate_every, distance


def command() -> str:
    """Returns the command that resumes this run: as typed, without `--fresh`."""
    return shlex.join(launch.going_on(sys.argv))


def show(trainer: "Trainer | Follower") -> None:
    """Prints what would be trained."""
    from kgan.training import estimate

    print(json.dumps(trainer.record.config, indent=2))
    for network, count in estimate.parameters(trainer.game).items():
        print(f"{network}: {count:,} parameters")
    held, batch_size = trainer.data.nbytes, trainer.config.batch_size
    needed = estimate.memory(trainer.game, batch_size, held)
    print(f"memory: about {needed / 1e6:,.0f} MB in addition to TensorFlow itself")


def main() -> None:
    """Runs the command."""
    app.run(train, FLAGS, define_flags, prepare=define_run)
