"""What D reads off pictures besides its score: the options of attributes."""

import itertools
from typing import Any

import keras
from keras import ops

from kgan.networks.blocks import HEAD
from kgan.typing import Tensor, Tensors


def sizes(answer: Tensors) -> tuple[int, ...]:
    """Returns how many options each attribute has that D reads."""
    names = iter(HEAD.format(number) for number in range(len(answer)))
    read = itertools.takewhile(answer.__contains__, names)
    return tuple(answer[name].shape[-1] for name in read)


def surprise(answer: Tensors, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Compares the attributes that D reads with those that pictures have.

    Args:
        answer: of D, with the logits of each attribute.
        wanted: numbers of options, int (n, A).

    Returns:
        The sum of the cross-entropies, (n,), and which attributes are read right, (n, A).
    """
    total: Any = 0.0
    right = []
    for number in range(wanted.shape[-1]):
        logits, true = answer[HEAD.format(number)], wanted[:, number]
        total += keras.losses.sparse_categorical_crossentropy(
            true, logits, from_logits=True
        )
        right.append(ops.argmax(logits, -1) == ops.cast(true, "int32"))
    return total, ops.stack(right, -1)
