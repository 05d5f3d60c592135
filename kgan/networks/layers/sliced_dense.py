"""The last layer of a slicing adversarial network (Takida 2024)."""

import keras
import tensorflow as tf
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class SlicedDense(layers.Layer):
    """Scores features along a direction that has a loss of its own (Takida 2024, Eq. 18).

    (n, f) -> two tensors (n, 1): the score s h.w + b, in whose gradient the unit vector w is
    a constant, and s h.w, in whose gradient all but w are. D adds the second one of fakes,
    and takes away that of real data: w then is where the two are furthest apart.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (input_shape[-1], 1)
        self.kernel = self.add_weight(
            shape=shape, initializer="glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight(shape=(1,), initializer="zeros", name="bias")
        self.scale = self.add_weight(shape=(1,), initializer="ones", name="scale")

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        direction = tf.math.l2_normalize(tf.convert_to_tensor(self.kernel))
        direction = ops.cast(direction, x.dtype)
        score = self.scale * ops.matmul(x, ops.stop_gradient(direction)) + self.bias
        fixed = ops.stop_gradient(self.scale * x)
        return score, ops.matmul(fixed, direction)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        return (input_shape[0], 1), (input_shape[0], 1)
