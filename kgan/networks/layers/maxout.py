"""Maxout (Goodfellow 2013)."""

from typing import Any

import keras
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Maxout(layers.Layer):
    """Takes the largest of each group of neighbours (Goodfellow 2013).

    (n, k * pieces) -> (n, k).

    Args:
        pieces: numbers in a group.
    """

    def __init__(self, pieces: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pieces = pieces

    def call(self, x: Tensor) -> Tensor:
        width: Any = x.shape[-1]
        return ops.max(ops.reshape(x, (-1, width // self.pieces, self.pieces)), -1)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"pieces": self.pieces}
