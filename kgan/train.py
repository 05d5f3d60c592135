"""A run: from a config and a data set to a workdir with a trained generator."""

import dataclasses
import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import tensorflow as tf

from kgan import estimate
from kgan.callbacks import (
    Board,
    Evaluate,
    History,
    Keep,
    Progress,
    SampleGrids,
    Scalars,
)
from kgan.checkpoint import MINUTELY, Checkpoints, Every, Saved
from kgan.computing import facts
from kgan.config import Config
from kgan.data import Images, batches, load, steps_per_epoch
from kgan.errors import UserError
from kgan.export import export_generator
from kgan.game import Game
from kgan.interruption import interruption
from kgan.loop import Position, play
from kgan.record import Record
from kgan.restoring import build_game
from kgan.workdir import claimed

MOST_STEPS_PER_EXECUTION = 20


@dataclasses.dataclass(frozen=True)
class Run:
    """How a config is run.

    Attributes:
        variant, dataset: their names, for the record.
        config: what is played.
        build: makes the compiled game: (config, shape, classes) -> Game.
        workdir: receives everything.
        split, data_dir, download: as `kgan.data.load` takes them.
        jit: "on", "off" or "auto": XLA where it is faster.
        steps_per_execution: training steps per call of the graph; 0 chooses.
        precision: Keras' dtype policy.
        deterministic: only operations that give the same bits every time.
        fresh: begin anew; a run that is in `workdir` is moved beside it.
        checkpoint_every: when a checkpoint is due.
        keep_checkpoints: how many stay.
        evaluate: epochs from one evaluation to the next, and a function: game ->
            (name of a score, its value, less being better); None for none.
        command: what the user typed, to be told how to go on.
        say: told each line that the user should read.
    """

    variant: str
    dataset: str
    config: Config
    build: Callable
    workdir: Path
    split: str = "train"
    data_dir: str | None = None
    download: bool = False
    jit: str = "auto"
    steps_per_execution: int = 0
    precision: str = "float32"
    deterministic: bool = False
    fresh: bool = False
    checkpoint_every: Every = MINUTELY
    keep_checkpoints: int = 2
    evaluate: tuple | None = None
    command: str = "the same command"
    say: Callable = print


class Ready(NamedTuple):
    """What a run has before its first step: `config` has every default resolved."""

    game: Game
    images: Images
    config: Config
    record: Record


def prepare(run):
    """Loads the data and builds the game."""
    if run.deterministic:
        tf.config.experimental.enable_op_determinism()
    images = load(
        run.dataset,
        split=run.split,
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
    record = Record.of(
        run.variant, run.dataset, run.split, run.precision, config, images
    )
    game = build_game(run.build, config, record)
    game.jit_compile = _jit(run, game)
    game.steps_per_execution = _per_execution(run.steps_per_execution, steps)
    computing = facts(game, run.deterministic)
    record = dataclasses.replace(record, computing=computing)
    return Ready(game, images, config, record)


def train(run):
    """Trains, or goes on where an earlier run stopped; returns the trained game."""
    ready = prepare(run)
    game, config, record = ready.game, ready.config, ready.record
    with claimed(run.workdir, record, run.fresh, run.say):
        checkpoints = Checkpoints(game, run.workdir, run.keep_checkpoints)
        saved = checkpoints.begin(run.say)
        changed = record.other_bits(run.workdir)
        if saved and changed:
            run.say(f"goes on with other bits than it began: {'; '.join(changed)}")
        record.write(run.workdir)
        saved = saved or Saved()
        _announce(run, game, config, saved.position)
        if saved.position.epoch < config.epochs:
            _fit(run, ready, checkpoints, saved)
        export_generator(game, run.workdir / "generator")
        run.say(f"animation: {run.workdir / 'samples' / 'training.gif'}")
        run.say(f"generator: {run.workdir / 'generator'} (SavedModel)")
    return game


def _fit(run, ready, checkpoints, saved):
    game, images, config, _ = ready
    per_step = config.images_per_step
    steps = steps_per_epoch(images, per_step)
    start = _start(saved.position, steps, game.steps_per_execution)
    data = batches(
        images,
        per_step,
        seed=config.seed,
        first_epoch=start.epoch,
        first_step=start.step,
    )
    callbacks = _callbacks(run, ready, checkpoints, saved, start)
    try:
        with interruption() as stopped:
            end = play(
                game,
                data,
                callbacks,
                start=start,
                epochs=config.epochs,
                steps=steps,
                stopped=stopped,
            )
    except tf.errors.OpError as error:
        raise _explained(error) from error
    if end.epoch < config.epochs:
        raise UserError(
            f"{stopped.signal.name}: stopped {_place(end)} of {config.epochs} and saved; "
            f"to go on: {run.command}",
            exit_code=128 + stopped.signal,
        )


def _callbacks(run, ready, checkpoints, saved, start):
    game, _, config, record = ready
    shown = [f"{side}/loss" for side in game.sides]
    shown += [
        name
        for name in game.tracked
        if "/" not in name and name not in game.equilibrium
    ]
    board = Board(run.workdir, run.say)
    history = History(run.workdir, run.say)
    scalars = Scalars(board, config.images_per_step, record.config)
    lasting = {"board": board, "history": history, "scalars": scalars}
    evaluations = []
    if run.evaluate:
        best = run.workdir / "best"
        keep = functools.partial(export_generator, game, best)
        lasting["evaluate"] = Evaluate(board, *run.evaluate, keep, run.say)
        evaluations = [lasting["evaluate"]]
    for name, callback in lasting.items():
        callback.resume(saved.notes.get(name))
    grids_every = max(1, config.epochs // config.grids)
    return [
        Progress(config.images_per_step, shown),
        scalars,
        SampleGrids(run.workdir, board, config.seed, grids_every, run.say),
        history,
        *evaluations,
        Keep(checkpoints, run.checkpoint_every, start, lasting),
        board,
    ]


def _start(position, steps, per_execution):
    """`position` in an epoch of `steps`; at its end where the data has become less."""
    epoch, step = position
    left = max(0, steps - step)
    if left % per_execution:
        fits = _divisors(steps, left)
        raise UserError(
            f"--steps_per_execution={per_execution}: the run goes on {_place(position)}, "
            f"and does not divide the {left} steps that are left of that epoch; these "
            f"do: {', '.join(map(str, fits))}"
        )
    return Position(epoch, steps - left)


def _place(position):
    step = f", step {position.step}" if position.step else ""
    return f"after epoch {position.epoch}{step}"


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


def _jit(run, game):
    """Whether XLA compiles the training step."""
    choice = run.jit
    if run.deterministic:
        if choice == "on":
            raise UserError(
                "--jit=on: TensorFlow turns XLA off when --deterministic asks for "
                "deterministic operations; use one of the two"
            )
        return False
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
        fits = _divisors(steps)
        raise UserError(
            f"--steps_per_execution={asked}: does not divide the {steps} steps of an "
            f"epoch; these do: {', '.join(map(str, fits))}"
        )
    return asked


def _divisors(*numbers, most=100):
    """Common divisors, in order."""
    last = min(*numbers, most)
    return [n for n in range(1, last + 1) if not any(k % n for k in numbers)]


def _announce(run, game, config, start):
    counts = [f"{name} {count:,}" for name, count in estimate.parameters(game).items()]
    run.say(
        f"{run.variant}: {', '.join(counts)} parameters, {config.epochs} epochs, batch {config.batch_size}, {run.precision}, "
        f"XLA {'on' if game.jit_compile else 'off'}, "
        f"{'deterministic operations, ' if run.deterministic else ''}"
        f"{game.steps_per_execution} steps per execution"
    )
    if start.epoch >= config.epochs:
        run.say(
            f"all {config.epochs} epochs are done; a larger --config.epochs goes on"
        )
    elif start != Position():
        run.say(f"goes on {_place(start)} of {config.epochs}")
    run.say(f"workdir: {run.workdir} (watch: tensorboard --logdir {run.workdir})")
