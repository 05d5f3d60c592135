"""Instance normalisation as one operation (Ulyanov 2016)."""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from kgan.networks.layers.batch_norm import standardised
from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class InstanceNorm(layers.Layer):
    """Gives each channel of each image mean 0 and deviation 1 (Ulyanov 2016).

    For one image this is batch norm. The images of a larger batch are treated as
    further channels of one image. The layer has no parameters.

    Args:
        epsilon: is added to the variance.
    """

    def __init__(self, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x: Tensor) -> Tensor:
        n, height, width, channels = ops.shape(x)
        of_each = tf.ones((n * channels,))
        if isinstance(n, int) and n == 1:
            return standardised(x, of_each, 0.0 * of_each, self.epsilon)[0]
        x = ops.transpose(x, (1, 2, 0, 3))
        x = ops.reshape(x, (1, height, width, n * channels))
        y, *_ = standardised(x, of_each, 0.0 * of_each, self.epsilon)
        y = ops.reshape(y, (height, width, n, channels))
        return ops.transpose(y, (2, 0, 1, 3))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"epsilon": self.epsilon}
