"""Spectral normalisation of a linear layer (Miyato 2018)."""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class SpectralNorm(layers.Wrapper):
    """Divides a linear layer by its largest singular value (Miyato 2018, Eq. 8).

    Keras' own `SpectralNormalization` writes the divided kernel back on every
    call, so that D would change while G is updated. Here only the optimizer changes the
    kernel: the output of a linear layer, divided by sigma, is W x / sigma(W).

    Args:
        layer: `Dense` or `Conv2D` with `use_bias=False`; the bias is a weight of this
            wrapper and is added after the division.
    """

    def __init__(self, layer: keras.Layer, **kwargs: Any) -> None:
        # float32: in half precision sigma would be lost to rounding.
        super().__init__(layer, **({"dtype": "float32"} | kwargs))

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build(input_shape)
        width = self.layer.kernel.shape[-1]
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias")
        self.u = self.add_weight(
            shape=(width, 1), initializer="random_normal", trainable=False, name="u"
        )

    def call(self, x: Tensor, training: bool = False) -> Tensor:
        kernel = ops.reshape(self.layer.kernel, (-1, self.layer.kernel.shape[-1]))
        kernel = ops.cast(kernel, "float32")
        # One step of the power iteration per call (Algorithm 1); u and v are
        # constants of the gradient.
        fixed = ops.stop_gradient(kernel)
        v = tf.math.l2_normalize(ops.matmul(fixed, self.u))
        u = tf.math.l2_normalize(ops.matmul(ops.transpose(fixed), v))
        if training:
            self.u.assign(u)
        sigma = ops.sum(ops.matmul(kernel, ops.stop_gradient(u)) * v)
        return ops.cast(self.layer(x), "float32") / sigma + self.bias

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return self.layer.compute_output_shape(input_shape)
