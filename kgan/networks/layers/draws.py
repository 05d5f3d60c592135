"""Draws of one option of several, with a gradient."""

from keras import Variable, layers, ops

from kgan.typing import Number, Tensor


def straight_through(scores: Tensor, temperature: Number) -> Tensor:
    """Chooses the option of the largest score: rows of 0 and one 1, float32 (..., P).

    The gradient is that of softmax(scores / temperature): straight-through Gumbel-softmax
    (Jang 2017, Eq. 2), where the scores are logits with Gumbel noise added.

    Args:
        scores: (..., P).
        temperature: > 0.
    """
    soft = ops.softmax(scores / temperature)
    options = soft.shape[-1]
    hard = ops.one_hot(ops.argmax(scores, -1), options, dtype="float32")
    return soft + ops.stop_gradient(hard - soft)


def temperature_of(layer: layers.Layer) -> Variable:
    """Adds to a layer the temperature of its gradient, which a game sets."""
    return layer.add_weight(
        name="temperature",
        initializer="ones",
        trainable=False,
        dtype="float32",
        aggregation="only_first_replica",
    )
