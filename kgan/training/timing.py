"""How long a training step takes on this machine: some steps of a game like the run's."""

import dataclasses
import statistics
import time
from typing import TYPE_CHECKING, Any

import keras

from kgan.errors import UserError
from kgan.training import feed, loop, strategies
from kgan.training.loop import Position, Span
from kgan.training.restore import build_game
from kgan.training.tuning import tune

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.training.options import Options

ENOUGH = 10.0  # seconds of calls that are measured, or STEPS of them
STEPS = 30
QUICK = (
    0.02  # seconds of a step that is measured together with others, as it is trained
)


def check(
    field: str, remedy: str, variant: Any, config: Any, data: "Dataset", workers: int
) -> None:
    """Checks that a step can be measured before the run.

    Args:
        field: that asks for the measurement.
        remedy: what to do where it cannot be had.
        variant: a `kgan.training.run.Variant`.
        config: the configuration, not yet resolved.
        data: that the run learns from.
        workers: how many processes train together.

    Raises:
        UserError: the run has two stages, or several workers, or its game cannot be
            built twice.
    """
    problem = ""
    if variant.game is not None:
        problem = "the game is compiled already, and the measurement would train it"
    elif variant.earlier and variant.earlier(config, data.spec) is not None:
        problem = "the run has two stages, and only the first could be measured"
    elif workers > 1:
        problem = "several workers would each measure something else"
    if problem:
        raise UserError(field, problem, remedy)


def step_time(
    variant: Any,
    config: Any,
    data: "Dataset",
    options: "Options",
    enough: float = ENOUGH,
) -> float:
    """Returns the median time of a training step in seconds.

    A game like that of the run is trained for some steps, and thrown away.

    Args:
        variant: a `kgan.training.run.Variant`.
        config: the configuration, not yet resolved.
        data: that the run learns from.
        options: the run's `Options`.
        enough: seconds of steps that are measured, if `STEPS` of them take longer.
    """
    asked = options.steps_per_execution
    if asked and not config.steps_per_epoch:
        # It need not divide a pass: an epoch of a run by hours may be a part of one.
        config = dataclasses.replace(config, steps_per_epoch=asked)
    steps = feed.steps_per_epoch(data, config)
    config = config.resolved(steps)
    with strategies.chosen(options.strategy).scope():
        game = build_game(variant.build, config, data.spec, options.policy)
    tune(game, options, steps)
    together, game.steps_per_execution = game.steps_per_execution, 1
    seconds = _measured(game, data, config, steps, enough)
    if together > 1 and seconds < QUICK:  # then much of it may be the call
        game.steps_per_execution = together
        seconds = _measured(game, data, config, steps, enough)
    return seconds


def _measured(game, data, config, steps, enough):
    """The median time of a step in seconds, of those that a call of the graph takes."""
    game.make_train_function(force=True)  # anew, for as many steps a call
    clock, found = _Clock(enough), feed.batches(game, data, config, Position())
    # As many epochs as that takes: one may have a single call.
    calls = steps // game.steps_per_execution
    span = Span(-(-(STEPS + 1) // calls), steps)
    loop.train(game, found, [clock], span, clock.has_enough)
    return clock.seconds / game.steps_per_execution


class _Clock(keras.callbacks.Callback):
    """Measures the calls of a training, without the first, in which it is traced."""

    def __init__(self, enough):
        super().__init__()
        self.enough, self.began, self.times = enough, 0.0, []

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        for value in (logs or {}).values():
            float(value)  # a GPU may still be at work
        self.times.append(time.monotonic() - self.began)

    def has_enough(self):
        return len(self.times) > STEPS or sum(self.times[1:]) > self.enough

    @property
    def seconds(self):
        return statistics.median(self.times[1:])
