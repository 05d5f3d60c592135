"""A run: from a config and a data set to a workdir with a trained generator."""

import functools
import re

import tensorflow as tf

from kgan.callbacks import (
    Evaluate,
    History,
    Previews,
    Progress,
    SaveCheckpoints,
    Scalars,
    TensorBoardWriter,
)
from kgan.data import Jitter, batches, steps_per_epoch
from kgan.errors import UserError
from kgan.export.saved_model import export_generator
from kgan.training import estimate, rollback, watch
from kgan.training.checkpoint import Checkpoints, Saved
from kgan.training.interruption import interruption
from kgan.training.loop import Position, play
from kgan.training.run import Run, divisors, prepare
from kgan.training.workdir import claimed

__all__ = ["Run", "prepare", "train"]

MOST_SHOWN = 6  # numbers in the progress line


def train(run):
    """Trains, or goes on where an earlier run stopped; returns the trained game."""
    ready = prepare(run)
    game, config, record = ready.game, ready.config, ready.record
    with claimed(run.workdir, record, run.fresh, run.log):
        checkpoints = Checkpoints(game, run.workdir, run.keep_checkpoints)
        saved = checkpoints.begin(run.log)
        changed = record.environment_changes(run.workdir)
        if saved and changed:
            run.log(f"goes on with other bits than it began: {'; '.join(changed)}")
        record.write(run.workdir)
        saved = saved or Saved()
        _announce(run, game, config, saved.position)
        if saved.position.epoch < config.epochs:
            _fit(run, ready, checkpoints, saved)
        export_generator(game, run.workdir / "generator")
        run.log(f"animation: {run.workdir / 'samples' / 'training.gif'}")
        run.log(f"generator: {run.workdir / 'generator'} (SavedModel)")
    return game


def _fit(run, ready, checkpoints, saved):
    """Plays to the end, or to where a signal or the run's health ends it."""
    signals, aside = watch.signals(run, ready), rollback.healthy(run, ready)
    with interruption() as stopped:
        while True:
            end, health = _play(run, ready, checkpoints, saved, signals, aside, stopped)
            if stopped() or not rollback.goes_back(health):
                break
            saved = rollback.roll_back(run, ready, checkpoints, aside, end, health)
    if stopped() and end.epoch < ready.config.epochs:
        raise UserError(
            f"{stopped.signal.name}: stopped {_place(end)} of {ready.config.epochs} and "
            f"saved; to go on: {run.command}",
            exit_code=128 + stopped.signal,
        )
    if health.demand:
        watch.ended(run, health, _place(end))
    else:
        watch.summed_up(run, health)


def _play(run, ready, checkpoints, saved, signals, aside, stopped):
    """Plays from `saved` on; returns the position it came to and its `Health`."""
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
        change=_change(config),
    )
    tensorboard = TensorBoardWriter(run.workdir, run.log)
    health = watch.health(run, ready, tensorboard, signals)
    callbacks = _callbacks(
        run, ready, checkpoints, saved, start, tensorboard, health, aside
    )
    try:
        end = play(
            game,
            data,
            callbacks,
            start=start,
            epochs=config.epochs,
            steps=steps,
            stopped=lambda: stopped() or health.demand,
        )
    except tf.errors.OpError as error:
        raise _explained(error) from error
    return end, health


def _change(config):
    """What happens to real images by chance, or None."""
    if config.flip or config.jitter:
        return Jitter(config.jitter, config.flip)
    return None


def _callbacks(run, ready, checkpoints, saved, start, tensorboard, health, aside):
    game, images, config, record = ready
    history = History(run.workdir, run.log)
    scalars = Scalars(
        tensorboard, config.images_per_step / game.min_steps, record.config
    )
    resumables = {"tensorboard": tensorboard, "history": history, "scalars": scalars}
    resumables["health"] = health
    evaluations = []
    if run.evaluate:
        best = run.workdir / "best"
        keep = functools.partial(export_generator, game, best)
        resumables["evaluate"] = Evaluate(tensorboard, *run.evaluate, keep, run.log)
        evaluations = [resumables["evaluate"]]
    for name, callback in resumables.items():
        callback.resume(saved.notes.get(name))
    grids_every = max(1, config.epochs // config.grids)
    return [
        Progress(config.images_per_step, _shown(game)),
        scalars,
        Previews(
            run.workdir, tensorboard, config.seed, grids_every, run.log, images.shown
        ),
        history,
        *evaluations,
        health,
        SaveCheckpoints(
            checkpoints,
            run.checkpoint_every,
            start,
            resumables,
            health.sound,
            aside and (aside, health.worth_keeping),
        ),
        tensorboard,
    ]


def _shown(game):
    """Names of what the progress line tells."""
    losses = [f"{side}/loss" for side in game.sides]
    rest = (name for name in game.tracked if "/" not in name)
    return [*losses, *(n for n in rest if n not in game.equilibrium)][:MOST_SHOWN]


def _start(position, steps, per_execution):
    """`position` in an epoch of `steps`; at its end where the data has become less."""
    epoch, step = position
    left = max(0, steps - step)
    if left % per_execution:
        fits = divisors(steps, left)
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
            f"--jit=on: XLA cannot compile the operation {refused[1]}; use --jit=off",
            exit_code=1,
        )
    if isinstance(error, tf.errors.ResourceExhaustedError):
        return UserError(
            "out of memory; take a smaller --config.batch_size", exit_code=1
        )
    return error


def _announce(run, game, config, start):
    counts = [f"{name} {count:,}" for name, count in estimate.parameters(game).items()]
    run.log(
        f"{run.variant}: {', '.join(counts)} parameters, {config.epochs} epochs, batch {config.batch_size}, {run.precision}, "
        f"XLA {'on' if game.jit_compile else 'off'}, "
        f"{'deterministic operations, ' if run.deterministic else ''}"
        f"{game.steps_per_execution} steps per execution"
    )
    if start.epoch >= config.epochs:
        run.log(
            f"all {config.epochs} epochs are done; a larger --config.epochs goes on"
        )
    elif start != Position():
        run.log(f"goes on {_place(start)} of {config.epochs}")
    run.log(f"workdir: {run.workdir} (watch: tensorboard --logdir {run.workdir})")
