"""The moving average of a network's weights and statistics."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from kgan.typing import Tensor


def follow(ema: keras.Model, network: keras.Model, share: Tensor) -> None:
    """Moves each number of `ema` by `share` of the way to that of `network`."""
    pairs = zip(ema.variables, network.variables, strict=True)
    pairs = [(a, w) for a, w in pairs if a.dtype.startswith("float")]

    def move(strategy: Any, pairs: Any) -> None:
        for mean, weight in pairs:
            strategy.extended.update(
                mean.value,
                lambda a, w: a.assign_add(share * (w - a)),
                args=(weight.value,),
            )

    tf.distribute.get_replica_context().merge_call(move, args=(pairs,))


def share_of(decay: Any, iteration: Tensor, steps: int) -> Tensor:
    """Returns by what share of the way an average moves after an iteration.

    Args:
        decay: of the average, a number or a schedule.
        iteration: the game's iterations.
        steps: of the network in an iteration.
    """
    if isinstance(decay, LearningRateSchedule):
        return 1.0 - decay(iteration)
    # Early on the average trusts the young network more than its own first guess.
    step = ops.cast(iteration * steps, "float32")
    return 1.0 - ops.minimum(decay, (1.0 + step) / (10.0 + step))
