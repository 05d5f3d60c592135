"""Maxout (Goodfellow 2013)."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("kgan")
class Maxout(layers.Layer):
    """Takes the largest of each group of neighbours (Goodfellow 2013).

    (n, k * pieces) -> (n, k).

    Args:
        pieces: numbers in a group.
    """

    def __init__(self, pieces, **kwargs):
        super().__init__(**kwargs)
        self.pieces = pieces

    def call(self, x):
        return ops.max(
            ops.reshape(x, (-1, x.shape[-1] // self.pieces, self.pieces)), -1
        )

    def get_config(self):
        return super().get_config() | {"pieces": self.pieces}
