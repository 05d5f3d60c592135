"""Dropout with seeded masks that are the same under XLA."""

import keras
from keras import layers, ops

from kgan.randomness import uniform
from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Dropout(layers.Dropout):
    """Keras' dropout with a mask that is the same under XLA and on any number of replicas."""

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training or not self.rate:
            return inputs
        seed = ops.cast(self.seed_generator.next(), "int32")
        kept = uniform(ops.shape(inputs), seed) >= self.rate
        return ops.where(kept, inputs / (1.0 - self.rate), 0.0)
