"""From any step of a run to its end, or to where it is asked to stop.

Keras' `fit` begins at the start of an epoch and ends an epoch that was stopped
as if it were whole; a run that goes on exactly can afford neither.
"""

from typing import NamedTuple

import keras


class Position(NamedTuple):
    """How far a run has come: whole epochs, and steps of the next one."""

    epoch: int = 0
    step: int = 0


def play(game, data, callbacks, *, start, epochs, steps, stopped=lambda: False):
    """Plays `game` from `start` to `epochs` whole epochs.

    The running means of an epoch that is taken up in its middle are those that
    the game holds already.

    Args:
        game: a compiled `kgan.game.Game`.
        data: a `tf.data.Dataset` whose first batch is the one that comes at `start`.
        callbacks: Keras callbacks.
        start: a `Position`.
        steps: batches in an epoch; what is left of the first one, and `steps`
            itself, are multiples of `game.steps_per_execution`.
        stopped: asked before each call of the graph; True ends the run there, with
            the callbacks' `on_train_end` but without an `on_epoch_end`.

    Returns:
        The `Position` that was reached.
    """
    callbacks = keras.callbacks.CallbackList(
        callbacks, model=game, epochs=epochs, steps=steps
    )
    game.make_train_function()
    batches = iter(game.distribute_strategy.experimental_distribute_dataset(data))
    callbacks.on_train_begin()
    epoch, step = start
    while epoch < epochs and not stopped():
        if not step:
            game.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        while step < steps and not stopped():
            callbacks.on_train_batch_begin(step)
            logs = game.train_function(batches)
            step += game.steps_per_execution
            callbacks.on_train_batch_end(step - 1, logs)
        if step >= steps:
            callbacks.on_epoch_end(epoch, game.means())
            epoch, step = epoch + 1, 0
    callbacks.on_train_end()
    return Position(epoch, step)
