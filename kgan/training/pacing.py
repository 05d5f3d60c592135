"""The length of a run that is asked for in hours: from the time of some steps."""

import dataclasses
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from kgan.data import steps_per_epoch
from kgan.errors import UserError
from kgan.settings import Settings
from kgan.training import feed, loop, strategies
from kgan.training.loop import Position, Span
from kgan.training.record import NAME, Record
from kgan.training.restore import build_game
from kgan.training.tuning import tune
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.training.options import Options

ENOUGH = 10.0  # seconds of steps that are measured, or STEPS of them
STEPS = 30
TRAINING = 0.9  # of the time; the rest goes to grids, checks and checkpoints


def paced(
    variant: Any,
    config: Any,
    data: "Dataset",
    workdir: PathLike,
    options: "Options",
    workers: int = 1,
) -> Any:
    """Returns the configuration, with the epochs that take `options.hours` if asked for.

    A game like that of the run is trained for some steps, and thrown away. A run that is
    in the workdir and was asked for by as many hours keeps its length.

    Args:
        variant: a `kgan.training.run.Variant`.
        config: the configuration, not yet resolved.
        data: that the run learns from.
        workdir: the run's folder.
        options: the run's `Options`, whose log is told what was found.
        workers: how many processes train together.

    Raises:
        UserError: the run has a length already, or two stages, or its game cannot be
            built twice.
    """
    if not options.hours:
        return config
    _check(variant, config, data, workers)
    epochs = _kept(workdir, options)
    if not epochs:
        seconds, steps = _measured(variant, config, data, options)
        given = options.hours * 3600 * TRAINING
        epochs = max(1, int(given / (seconds * steps)))
        hours = epochs * steps * seconds / 3600 / TRAINING
        options.log(
            f"hours={options.hours:g}: a step takes {seconds:.3g} s here, so {epochs} "
            f"epochs of {steps} steps, about {hours:.2g} hours"
        )
    return dataclasses.replace(config, epochs=epochs)


def _check(variant, config, data, workers):
    problem = ""
    if config.epochs or config.updates != type(config).updates:
        problem = "`epochs` or `updates` say already how long the run is"
    elif isinstance(config, Settings):
        problem = "the game is compiled already, and the measurement would train it"
    elif variant.earlier and variant.earlier(config, data.spec) is not None:
        problem = "the run has two stages, and each needs a length of its own"
    elif workers > 1:
        problem = "several workers would find several lengths"
    if problem:
        raise UserError("hours", problem, "leave it out")


def _kept(workdir, options):
    """The epochs of the run in the workdir, if it was asked for by as many hours; or 0."""
    if options.fresh or not (Path(workdir) / NAME).exists():
        return 0
    record = Record.read(workdir)
    return record.config["epochs"] if record.hours == options.hours else 0


def _measured(variant, config, data, options):
    """(the median time of a training step in seconds, steps of an epoch)."""
    steps = steps_per_epoch(data, config.examples_per_step)
    config = config.resolved(steps)
    with strategies.chosen(options.strategy).scope():
        game = build_game(variant.build, config, data.spec, options.precision)
    tune(game, dataclasses.replace(options, steps_per_execution=1), steps)
    clock, found = _Clock(), feed.batches(game, data, config, Position())
    # As many epochs as that takes: one may have a single step.
    span = Span(-(-(STEPS + 1) // steps), steps)
    loop.train(game, found, [clock], span, clock.has_enough)
    return clock.seconds, steps


class _Clock(keras.callbacks.Callback):
    """Measures the steps of a training, without the first, in which it is traced."""

    def __init__(self):
        super().__init__()
        self.began, self.times = 0.0, []

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        for value in (logs or {}).values():
            float(value)  # a GPU may still be at work
        self.times.append(time.monotonic() - self.began)

    def has_enough(self):
        return len(self.times) > STEPS or sum(self.times[1:]) > ENOUGH

    @property
    def seconds(self):
        return statistics.median(self.times[1:])
