"""Batch normalisation as one operation."""

import keras
import tensorflow as tf
from keras import layers, ops

from kgan import moving_statistics, replicas
from kgan.typing import Tensor


def standardised(
    x: Tensor, scale: Tensor, offset: Tensor, epsilon: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Gives each channel of x the mean `offset` and the deviation `scale`.

    One operation, `FusedBatchNormV3`, whose gradient is one operation as well.

    Args:
        x: (n, H, W, C).
        scale: the deviation of each channel, (C,).
        offset: the mean of each channel, (C,).
        epsilon: is added to the variance.

    Returns:
        (the normalised x; the mean (C,) of x; its biased variance (C,)).
    """
    found = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=scale,
        offset=offset,
        mean=[],
        variance=[],
        epsilon=epsilon,
        is_training=True,
    )
    count = ops.cast(ops.size(x), "float32") / ops.cast(ops.shape(x)[-1], "float32")
    biased = found.batch_variance * (count - 1.0) / count
    return found.y, found.batch_mean, biased


def moments(x: Tensor, shared: bool) -> tuple[Tensor, Tensor]:
    """Returns the mean (C,) and the biased variance (C,) of x, (n, H, W, C).

    Args:
        x: the rows of this replica.
        shared: take the statistics of the rows of all replicas.
    """
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    if not shared:
        return mean, variance
    both = replicas.listed(tf.stack([mean, variance]))
    mean, variance = tf.unstack(tf.reduce_mean(both, 0))
    return mean, variance + tf.math.reduce_variance(both[:, 0], 0)


@keras.saving.register_keras_serializable("kgan")
class BatchNorm(layers.BatchNormalization):
    """Keras' batch norm of the last axis with one operation in training, not ten.

    With several replicas and `synchronized`, the statistics are those of the whole batch,
    and else of each replica's part. The moving ones are the same on every replica.
    """

    def call(
        self, inputs: Tensor, training: bool | None = None, mask: Tensor | None = None
    ) -> Tensor:
        if not training or not self.trainable:
            return super().call(inputs, training=training, mask=mask)
        flat = len(inputs.shape) == 2
        x = inputs[:, None, None] if flat else inputs
        weights = self.gamma.value, self.beta.value
        if replicas.count() == 1:
            y, mean, variance = standardised(x, *weights, self.epsilon)
        else:
            y, mean, variance = self._standardised(x, *weights)
        pairs = (self.moving_mean, mean), (self.moving_variance, variance)
        for moving, now in () if moving_statistics.are_kept() else pairs:
            moving.assign(moving * self.momentum + now * (1.0 - self.momentum))
        return y[:, 0, 0] if flat else y

    def _standardised(self, x, scale, offset):
        """As `standardised`, by several replicas."""
        real = tf.cast(x, tf.float32)
        mean, variance = moments(real, self.synchronized)
        y = tf.nn.batch_normalization(real, mean, variance, offset, scale, self.epsilon)
        if not self.synchronized:
            both = replicas.averaged(tf.stack([mean, variance]))
            mean, variance = tf.unstack(tf.stop_gradient(both))
        return tf.cast(y, x.dtype), mean, variance
