"""A run: from a config and a data set to a workdir with a trained generator."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import tensorflow as tf

from kgan import estimate
from kgan.callbacks import History, Keep, Progress, SampleGrids, Scalars
from kgan.checkpoint import Checkpoints
from kgan.config import Config, from_plain
from kgan.data import Images, batches, load, steps_per_epoch
from kgan.errors import UserError
from kgan.export import export_generator
from kgan.game import Game
from kgan.record import NAME, Record

MOST_STEPS_PER_EXECUTION = 20


@dataclasses.dataclass(frozen=True)
class Run:
    """How a config is run.

    Attributes:
        variant, dataset: their names, for the record.
        config: what is played.
        build: makes the compiled game: (config, shape, classes) -> Game.
        workdir: receives everything.
        data_dir, download: as `kgan.data.load` takes them.
        jit: "on", "off" or "auto": XLA where it is faster.
        steps_per_execution: training steps per call of the graph; 0 chooses.
        precision: Keras' dtype policy.
        say: told each line that the user should read.
    """

    variant: str
    dataset: str
    config: Config
    build: Callable
    workdir: Path
    data_dir: str | None = None
    download: bool = False
    jit: str = "auto"
    steps_per_execution: int = 0
    precision: str = "float32"
    say: Callable = print


class Ready(NamedTuple):
    """What a run has before its first step: `config` has every default resolved."""

    game: Game
    images: Images
    config: Config
    record: Record


def prepare(run):
    """Loads the data and builds the game."""
    images = load(
        run.dataset,
        image_size=run.config.image_size,
        channels=run.config.channels,
        data_dir=run.data_dir,
        download=run.download,
        say=run.say,
    )
    steps = steps_per_epoch(images, run.config.images_per_step)
    side, _, channels = images.image_shape
    config = dataclasses.replace(
        run.config,
        image_size=side,
        channels=channels,
        epochs=run.config.epochs_for(steps),
    )
    record = Record.of(run.variant, run.dataset, run.precision, config, images)
    game = build_game(run.build, config, record)
    game.jit_compile = _jit(run.jit, game)
    game.steps_per_execution = _per_execution(run.steps_per_execution, steps)
    return Ready(game, images, config, record)


def build_game(build, config, record):
    """The compiled game that `record` describes, untrained."""
    keras.config.set_dtype_policy(record.precision)
    keras.utils.set_random_seed(config.seed)
    return build(config, record.shape, record.classes)


def restore(workdir, variant, say=print):
    """The trained game of a workdir and its record.

    Args:
        variant: gives the config module of a variant's name.
        say: told when the newest checkpoint was not whole.

    Raises:
        UserError: no run, or no checkpoint, in `workdir`.
    """
    record = Record.read(workdir)
    module = variant(record.variant)
    try:
        config = from_plain(module.Config, record.config)
    except UserError as error:
        raise UserError(f"{Path(workdir) / NAME}: {error}", exit_code=1) from error
    game = build_game(module.build, config, record)
    if not Checkpoints(game, workdir).restore(say):
        raise UserError(f"--workdir={workdir}: has no checkpoint yet; train it first")
    return game, record


def train(run):
    """Trains, or goes on where an earlier run of the same command stopped."""
    ready = prepare(run)
    game, config, record = ready.game, ready.config, ready.record
    record.check_same_run(run.workdir)
    _make(run.workdir)
    record.write(run.workdir)
    checkpoints = Checkpoints(game, run.workdir)
    first_epoch = checkpoints.restore(run.say)
    _announce(run, game, config, first_epoch)
    if first_epoch < config.epochs:
        _fit(run, ready, checkpoints, first_epoch)
    export_generator(game, run.workdir / "generator")
    run.say(f"animation: {run.workdir / 'samples' / 'training.gif'}")
    run.say(f"generator: {run.workdir / 'generator'} (SavedModel)")


def _fit(run, ready, checkpoints, first_epoch):
    game, config = ready.game, ready.config
    shown = [f"{side}/loss" for side in game.sides]
    shown += [
        name
        for name in game.tracked
        if "/" not in name and name not in game.equilibrium
    ]
    callbacks = [
        Progress(config.images_per_step, shown),
        Scalars(run.workdir, config.images_per_step, ready.record.config),
        SampleGrids(
            run.workdir, config.seed, max(1, config.epochs // config.grids), run.say
        ),
        History(run.workdir, first_epoch),
        Keep(checkpoints),
    ]
    try:
        game.fit(
            batches(
                ready.images,
                config.images_per_step,
                seed=config.seed,
                first_epoch=first_epoch,
            ),
            initial_epoch=first_epoch,
            epochs=config.epochs,
            steps_per_epoch=steps_per_epoch(ready.images, config.images_per_step),
            callbacks=callbacks,
            shuffle=False,  # `batches` does it, reproducibly
            verbose=0,
        )
    except tf.errors.OpError as error:
        raise _explained(error) from error


def _explained(error):
    """A UserError for what TensorFlow refuses at the user's word, or `error` itself."""
    refused = re.search(r"unsupported operations.*?JIT: (\w+)", str(error), re.DOTALL)
    if refused:
        return UserError(
            f"--jit=on: XLA cannot compile the operation {refused[1]}; use --jit=off", 1
        )
    if isinstance(error, tf.errors.ResourceExhaustedError):
        return UserError("out of memory; take a smaller --config.batch_size", 1)
    return error


def _jit(choice, game):
    """Whether XLA compiles the training step."""
    players = game.max_players() + game.min_players()
    layers = [layer for player in players for layer in player.layers]
    refusing = [type(layer).__name__ for layer in layers if not layer.supports_jit]
    if choice == "on" and refusing:
        raise UserError(
            f"--jit=on: the layer {refusing[0]} does not work under XLA; use --jit=off"
        )
    if choice == "auto":
        return not refusing and bool(tf.config.list_physical_devices("GPU"))
    return choice == "on"


def _per_execution(asked, steps):
    if not asked:
        most = min(steps, MOST_STEPS_PER_EXECUTION)
        return next(n for n in range(most, 0, -1) if steps % n == 0)
    if steps % asked:
        fits = [n for n in range(1, min(steps, 100) + 1) if steps % n == 0]
        raise UserError(
            f"--steps_per_execution={asked}: does not divide the {steps} steps of an "
            f"epoch; these do: {', '.join(map(str, fits))}"
        )
    return asked


def _make(workdir):
    try:
        workdir.mkdir(parents=True, exist_ok=True)
        probe = workdir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"--workdir={workdir}: cannot be written ({error.strerror})", exit_code=1
        ) from error


def _announce(run, game, config, first_epoch):
    counts = [f"{name} {count:,}" for name, count in estimate.parameters(game).items()]
    run.say(
        f"{run.variant}: {', '.join(counts)} parameters, {config.epochs} epochs, batch {config.batch_size}, {run.precision}, "
        f"XLA {'on' if game.jit_compile else 'off'}, "
        f"{game.steps_per_execution} steps per execution"
    )
    if first_epoch >= config.epochs:
        run.say(
            f"all {config.epochs} epochs are done; a larger --config.epochs goes on"
        )
    elif first_epoch:
        run.say(f"goes on after epoch {first_epoch} of {config.epochs}")
    run.say(f"workdir: {run.workdir} (watch: tensorboard --logdir {run.workdir})")
