"""Grouped convolution that is fast on a CPU, too."""

import functools
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from kgan.keras_private import in_xla
from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class GroupedConv2D(layers.Layer):
    """A convolution whose outputs each see one group of channels (Xie 2017, section 3).

    (n, h, w, c) -> (n, h, w, filters), of stride 1, padded with zeros. Keras computes
    its own grouped convolutions under XLA, where the gradient of the kernel takes
    hundreds of times as long on a CPU. TensorFlow itself has gradients of grouped
    convolutions on a CPU only in float32 and bfloat16, and only with oneDNN. Where they
    are missing or slow, the groups become the blocks on the diagonal of the kernel of a
    plain convolution, which is the same function.

    Args:
        filters: channels of the output; a multiple of `groups`.
        kernel_size: side of the kernel in pixels.
        groups: parts into which the channels are divided; divides c.
        kernel_initializer, bias_initializer: as `keras.layers.Conv2D` takes them.
    """

    why_no_jit: str = (
        "its gradient takes hundreds of times as long under XLA on a CPU as without"
    )

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        groups: int,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if filters % groups:
            raise ValueError(f"{groups} groups do not divide {filters} filters")
        self.filters, self.kernel_size, self.groups = filters, kernel_size, groups
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.supports_jit = _on_gpu()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels: Any = input_shape[-1]
        if channels % self.groups:
            raise ValueError(f"{self.groups} groups do not divide {channels} channels")
        side = self.kernel_size
        self.kernel = self.add_weight(
            shape=(side, side, channels // self.groups, self.filters),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(self.filters,), initializer=self.bias_initializer, name="bias"
        )
        # A block of ones for each group: (channels, filters).
        block = np.ones((channels // self.groups, self.filters // self.groups))
        self.mask: np.ndarray = np.kron(np.eye(self.groups), block)
        self.native: bool = _has_gradients(self.compute_dtype)

    def call(self, x: Tensor) -> Tensor:
        kernel = tf.convert_to_tensor(self.kernel, self.compute_dtype)
        if not self.native or (in_xla() and not _on_gpu()):
            tiled = tf.tile(kernel, (1, 1, self.groups, 1))
            kernel = tiled * tf.constant(self.mask, kernel.dtype)
        y = tf.nn.conv2d(x, kernel, strides=1, padding="SAME")
        return tf.nn.bias_add(y, tf.convert_to_tensor(self.bias, y.dtype))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        initializers = {
            name: keras.initializers.serialize(getattr(self, name))
            for name in ("kernel_initializer", "bias_initializer")
        }
        names = ("filters", "kernel_size", "groups")
        return (
            super().get_config()
            | {name: getattr(self, name) for name in names}
            | initializers
        )


def _on_gpu():
    return bool(tf.config.list_physical_devices("GPU"))


@functools.cache
def _has_gradients(dtype):
    """Whether TensorFlow differentiates a grouped convolution of `dtype`; it is tried."""
    with tf.init_scope():  # in which no tape records: the operations themselves
        x, kernel = tf.ones((1, 3, 3, 4), dtype), tf.ones((3, 3, 2, 4), dtype)
        given = {"out_backprop": x, "strides": [1, 1, 1, 1], "padding": "SAME"}
        try:
            tf.raw_ops.Conv2DBackpropInput(input_sizes=x.shape, filter=kernel, **given)
            tf.raw_ops.Conv2DBackpropFilter(input=x, filter_sizes=kernel.shape, **given)
        except tf.errors.OpError:
            return False
    return True
