"""Random messages with random keys, drawn when they are needed."""

from typing import Any

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset, Field, Generated
from kgan.data.kinds import Bits
from kgan.randomness import integers
from kgan.typing import Seed, Tensors

LENGTH = 512_000  # messages that count as one pass
HELD_OUT = 1024
UNSEEN = np.array([-2, 0], np.int32)  # no run's seed is negative
SIZES = (16, 32, 64)


def draw(bits: int, n: int, seed: Seed) -> Tensors:
    """Draws n messages and keys: {"real", "key"}, uint8 (n, bits) of 0 and 1 each."""
    both = tf.cast(integers((2, n, bits), seed, 2), tf.uint8)
    return {"real": both[0], "key": both[1]}


def messages(bits: int, length: int = LENGTH) -> Dataset:
    """Returns a `Dataset` of random messages, "real", and keys, "key", without end.

    Args:
        bits: of a message and of a key.
        length: messages that count as one pass.
    """
    name, text = f"messages{bits}", f"random messages and keys of {bits} bits"
    field = Field((bits,), "uint8", Bits())
    fields: dict[str, Any] = {"real": field, "key": field}
    shown = {k: v.numpy() for k, v in draw(bits, HELD_OUT, UNSEEN).items()}
    group = Generated(length, lambda n, seed: draw(bits, n, seed), text)
    told = f"{text}, drawn as they are needed"
    held_out = Dataset(name, fields, (shown,))
    return Dataset(name, fields, (group,), held_out=held_out, text=told)
