"""Distributions of the latent z.

Example:
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8),
        mlp.discriminator((8, 8, 1), width=8),
        prior=kgan.priors.Uniform(),
    )
"""

from typing import Any, Self

import keras
import tensorflow as tf

from kgan.randomness import normal, uniform
from kgan.typing import Dimensions, Number, Seed, Tensor

register: Any = keras.saving.register_keras_serializable("kgan")


class Prior:
    """Base class for distributions of z with independent coordinates.

    A prior is called with a shape (n, d), a seed, int32 (2,), and a truncation t > 0
    or None. It returns float32 (n, d). Equal seeds give equal numbers on any machine.

    Attributes:
        deviation: the standard deviation of a coordinate.
    """

    deviation: float = 1.0

    def __call__(
        self, shape: Dimensions, seed: Seed, truncation: Number | None = None
    ) -> Tensor:
        raise NotImplementedError

    def nearest(self, z: Tensor) -> Tensor:
        """Returns the points nearest to z, (n, d), among those that are often drawn."""
        return z

    def get_config(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)


@register
class Normal(Prior):
    """The normal prior: z ~ N(0, I).

    Truncation conditions every coordinate on |z_i| <= t. That is the truncation trick
    of Brock 2019, section 3.1: samples closer to the mode are finer and less varied.
    """

    def __call__(
        self, shape: Dimensions, seed: Seed, truncation: Number | None = None
    ) -> Tensor:
        if truncation is None:
            return normal(shape, seed)
        mass = tf.math.erf(truncation / 2.0**0.5)  # P(|z_i| <= t)
        return normal(shape, seed, mass)

    def nearest(self, z: Tensor) -> Tensor:
        """Returns z, or the nearest point of the ball of radius sqrt(d).

        Its surface is where nearly all of the prior lies if d is large.
        """
        radius = tf.sqrt(tf.cast(tf.shape(z)[-1], z.dtype))
        return tf.clip_by_norm(z, radius, axes=[-1])


@register
class Uniform(Prior):
    """The uniform prior: z ~ U(-half_width, half_width)^d.

    A truncation t < 1 shrinks the cube by t.

    Args:
        half_width: half of a side of the cube.
    """

    def __init__(self, half_width: float = 1.0) -> None:
        self.half_width = half_width
        self.deviation = half_width / 3.0**0.5

    def __call__(
        self, shape: Dimensions, seed: Seed, truncation: Number | None = None
    ) -> Tensor:
        edge = self.half_width
        if truncation is not None:
            edge = edge * tf.minimum(1.0, truncation)
        return uniform(shape, seed, -edge, edge)

    def nearest(self, z: Tensor) -> Tensor:
        """Returns the nearest points of the cube."""
        return tf.clip_by_value(z, -self.half_width, self.half_width)

    def get_config(self) -> dict[str, Any]:
        return {"half_width": self.half_width}
