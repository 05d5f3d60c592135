"""Bilinear resampling by a factor of two."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Resample(layers.Layer):
    """Doubles or halves height and width with the filter [1, 3, 3, 1] (Huang 2024).

    Doubled, this is bilinear interpolation; halved, a blur with [1, 2, 1] and the mean
    of 2x2 pixels. At the border the outermost pixels are repeated, so that a constant
    image stays constant. The authors' code pads with zeros.

    Each axis is multiplied by a constant matrix: products of matrices have cheap
    gradients of any order, with XLA and without.

    Args:
        up: whether to double; otherwise halves, and height and width must be even.
    """

    def __init__(self, up: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.up = up

    def call(self, x: Tensor) -> Tensor:
        sizes: Any = x.shape[1:]
        height, width, channels = sizes
        rows, columns = (
            tf.constant(self.matrix(side), x.dtype) for side in (height, width)
        )
        x = tf.matmul(rows, ops.reshape(x, (-1, height, width * channels)))
        x = tf.matmul(columns, ops.reshape(x, (-1, width, channels)))
        return ops.reshape(x, (-1, rows.shape[0], columns.shape[0], channels))

    def matrix(self, side: int) -> np.ndarray:
        """Returns the matrix that resamples `side` numbers; each of its rows sums to 1."""
        return _doubling(side) if self.up else _halving(side)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        sizes: Any = input_shape[1:]
        height, width, channels = sizes
        if self.up:
            return input_shape[0], 2 * height, 2 * width, channels
        return input_shape[0], height // 2, width // 2, channels

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"up": self.up}


def _halving(side):
    matrix = np.zeros((side // 2, side))
    for row in range(side // 2):
        for tap, share in enumerate((0.125, 0.375, 0.375, 0.125)):
            matrix[row, min(max(2 * row - 1 + tap, 0), side - 1)] += share
    return matrix


def _doubling(side):
    matrix = np.zeros((2 * side, side))
    for row in range(side):
        matrix[2 * row : 2 * row + 2, row] += 0.75
        matrix[2 * row, max(row - 1, 0)] += 0.25
        matrix[2 * row + 1, min(row + 1, side - 1)] += 0.25
    return matrix
