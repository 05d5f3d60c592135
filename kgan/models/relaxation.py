"""Shares of discrete options that gradients go through, in place of a choice."""

from keras import ops

from kgan.randomness import STEP, uniform
from kgan.typing import Number, Seed, Tensor


def softmax(logits: Tensor, temperature: Number = 1.0) -> Tensor:
    """Returns the shares of options, (..., P), of their logits, in float32."""
    return ops.softmax(ops.cast(logits, "float32") / temperature, axis=-1)


def gumbel(logits: Tensor, seed: Seed, temperature: Number = 1.0) -> Tensor:
    """Draws one option of each row of logits, (..., P): one-hot, with a gradient.

    It is the straight-through Gumbel-softmax (Jang 2017): forward the largest of
    logits + Gumbel noise, backward the gradient of the softmax of their sum.

    Args:
        logits: of the options.
        seed: int32 (2,).
        temperature: of the softmax, > 0.
    """
    logits = ops.cast(logits, "float32")
    share = uniform(ops.shape(logits), seed) + STEP / 2  # never 0 or 1
    soft = softmax(logits - ops.log(-ops.log(share)), temperature)
    hard = ops.one_hot(ops.argmax(soft, axis=-1), soft.shape[-1], dtype="float32")
    return hard + soft - ops.stop_gradient(soft)
