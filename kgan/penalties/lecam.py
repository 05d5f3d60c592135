"""A penalty for few images, on D's scores (Tseng 2021)."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.penalties.gradient import register
from kgan.replicas import averaged
from kgan.typing import Tensor


@register
class LeCam(keras.layers.Layer):
    """The penalty of scores that move away from the other side's past (Tseng 2021, Eq. 3).

    lambda (relu(D(x) - a)^2 + relu(b - D(G(z)))^2), where a is a moving average of D's
    scores of generated data, and b one of its scores of real data. It is for few images. It is
    called with both scores, (n, ...), and returns one value per score.

    Args:
        weight: lambda; the paper's for few images of CIFAR-10 is .3.
        decay: of the averages, per ascent.
        warm: ascents before it begins, in which only the averages are taken.
    """

    of_scores, at, interval = True, "", 1

    def __init__(
        self, weight: float = 0.3, decay: float = 0.99, warm: int = 100, **kwargs: Any
    ) -> None:
        given = {"trainable": False, "dtype": "float32", "name": "lecam"}
        super().__init__(**(given | kwargs))
        self.weight, self.decay, self.warm = weight, decay, warm
        self.built = True
        # The decaying sums of real scores, of generated ones, and of ones; the ascents.
        self.sums = keras.Variable(
            [0.0] * 4,
            dtype="float32",
            trainable=False,
            aggregation="only_first_replica",
            name="sums",
        )

    def check(self, discriminator: keras.Model) -> None:
        """Returns: it goes with every D."""

    def call(self, real: Tensor, fake: Tensor) -> Tensor:
        real_sum, fake_sum, count, ascents = tf.unstack(self.sums.value)
        above, below = (
            real - tf.math.divide_no_nan(fake_sum, count),
            tf.math.divide_no_nan(real_sum, count) - fake,
        )
        share = tf.cast(ascents >= self.warm, tf.float32) * self.weight
        found = tf.stack([tf.reduce_mean(real), tf.reduce_mean(fake), 1.0])
        found = averaged(found)
        kept = self.decay * self.sums.value[:3]
        grown = kept + (1.0 - self.decay) * tf.stop_gradient(found)
        self.sums.assign(tf.concat([grown, [ascents + 1.0]], 0))
        return share * (ops.square(ops.relu(above)) + ops.square(ops.relu(below)))

    def get_config(self) -> dict[str, Any]:
        names = ("weight", "decay", "warm")
        return super().get_config() | {name: getattr(self, name) for name in names}
