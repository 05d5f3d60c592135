"""What D reads off pictures in addition to its score: the options of attributes."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from kgan.typing import Tensor, Tensors

HEAD = "attribute_{}"  # D's output with the logits of an attribute, by its number


def reads(discriminator: keras.Model) -> bool:
    """Returns whether a discriminator has the outputs of one that reads attributes."""
    outputs = getattr(discriminator, "output", None)
    return isinstance(outputs, dict) and HEAD.format(0) in outputs


def options_of(label: Tensor, answer: Tensors) -> list[Tensor]:
    """Returns the number of the option of each attribute that D reads, of combinations.

    Args:
        label: whole numbers of combinations, (n,), where the last attribute counts fastest.
        answer: of D, with the logits of each attribute.
    """
    found: list[Tensor] = []
    names = [HEAD.format(number) for number in range(len(answer))]
    for name in reversed([name for name in names if name in answer]):
        size: Any = answer[name].shape[-1]
        found.insert(0, ops.mod(label, size))
        label = ops.floor_divide(label, size)
    return found


def surprise(answer: Tensors, wanted: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Compares the attributes that D reads with those that pictures have.

    Args:
        answer: of D, with the logits of each attribute.
        wanted: numbers of options, int (n,), of each attribute.

    Returns:
        The sum of the cross-entropies, (n,), and which attributes are read right, (n, A).
    """
    total: Any = 0.0
    right = []
    for number, true in enumerate(wanted):
        logits = answer[HEAD.format(number)]
        total += keras.losses.sparse_categorical_crossentropy(
            true, logits, from_logits=True
        )
        right.append(ops.argmax(logits, -1) == ops.cast(true, "int32"))
    return total, ops.stack(right, -1)
