"""Optimizers that take Keras' steps with less work.

Example:
    adam = kgan.optimizers.Adam(learning_rate=2e-4, beta_1=0.5)
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8), mlp.discriminator((8, 8, 1), width=8)
    )
    game.compile(max_optimizer=adam, min_optimizer=kgan.optimizers.Adam(2e-4, 0.5))
"""

import keras
import tensorflow as tf

from kgan.keras_private import moments_of
from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Adam(keras.optimizers.Adam):
    """Keras' Adam with one operation per weight and step instead of a dozen.

    The formula is the same (Kingma 2015, the end of section 2, with epsilon outside of
    the root). One operation passes once over the weight, its gradient and its two
    moments; a dozen read and write them each time, which takes a third of the time
    that a step of a dense GAN takes.

    Args: those of `keras.optimizers.Adam`.
    """

    def update_step(
        self, gradient: Tensor, variable: keras.Variable, learning_rate: Tensor
    ) -> None:
        if self.amsgrad:
            super().update_step(gradient, variable, learning_rate)
            return
        momentum, velocity = moments_of(self, variable)
        kind = variable.dtype
        step = tf.cast(self.iterations.value + 1, kind)
        betas = [tf.cast(beta, kind) for beta in (self.beta_1, self.beta_2)]
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=momentum.value.handle,
            v=velocity.value.handle,
            beta1_power=betas[0] ** step,
            beta2_power=betas[1] ** step,
            lr=tf.cast(learning_rate, kind),
            beta1=betas[0],
            beta2=betas[1],
            epsilon=tf.cast(self.epsilon, kind),
            grad=tf.convert_to_tensor(gradient, kind),
        )
