"""The training loop of a run, which can start and stop at any step.

Keras' `fit` always begins at the start of an epoch, and ends a stopped epoch as if it
were whole. A run that resumes exactly needs neither.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import keras
import tensorflow as tf

if TYPE_CHECKING:
    from kgan.game import Game


class Position(NamedTuple):
    """A point in a run: the whole epochs so far, and the steps of the next one."""

    epoch: int = 0
    step: int = 0

    def __str__(self) -> str:
        step = f", step {self.step}" if self.step else ""
        return f"after epoch {self.epoch}{step}"


class Span(NamedTuple):
    """The part of a run that is to be trained.

    Attributes:
        epochs: the epoch after which it ends.
        steps: steps in an epoch. `steps`, and the steps left of the first epoch, must be
            multiples of the game's `steps_per_execution`.
        start: the `Position` at which it begins.
    """

    epochs: int
    steps: int
    start: Position = Position()


def train(
    game: "Game",
    data: "tf.data.Dataset",
    callbacks: Sequence[keras.callbacks.Callback],
    span: Span,
    stopped: Callable[[], Any] = lambda: False,
) -> Position:
    """Trains `game` over a span.

    If it starts in the middle of an epoch, the running means of the game continue.

    Args:
        game: a compiled `kgan.game.Game`.
        data: a `tf.data.Dataset` whose first batch is that of the start of the span. Of
            several replicas its batches hold those rows that this process' replicas
            take, the first one's rows first.
        callbacks: Keras callbacks.
        span: a `Span`.
        stopped: called before each call of the graph; True ends the training there, with
            the callbacks' `on_train_end` but without an `on_epoch_end`.

    Returns:
        The `Position` that was reached.
    """
    every = keras.callbacks.CallbackList(
        callbacks, model=game, epochs=span.epochs, steps=span.steps
    )
    game.make_train_function()
    batches = iter(shared_out(data, game.distribute_strategy))
    every.on_train_begin()
    epoch, step = span.start
    while epoch < span.epochs and not stopped():
        if not step:
            game.reset_metrics()
        every.on_epoch_begin(epoch)
        while step < span.steps and not stopped():
            every.on_train_batch_begin(step)
            logs = game.train_function(batches)
            step += game.steps_per_execution
            every.on_train_batch_end(step - 1, logs)
        if step >= span.steps:
            every.on_epoch_end(epoch, game.means())
            epoch, step = epoch + 1, 0
    every.on_train_end()
    return Position(epoch, step)


def shared_out(data: "tf.data.Dataset", strategy: tf.distribute.Strategy) -> Any:
    """Returns the batches of this process as its replicas take them."""
    if strategy.num_replicas_in_sync == 1:
        return strategy.experimental_distribute_dataset(data)
    here = len(strategy.extended.worker_devices)

    def parts(batch):
        return {k: tf.reshape(v, (here, -1, *v.shape[1:])) for k, v in batch.items()}

    # Not `experimental_distribute_dataset`, which asks the other processes what they read.
    return strategy.distribute_datasets_from_function(
        lambda context: data.map(parts).unbatch().prefetch(tf.data.AUTOTUNE)
    )
