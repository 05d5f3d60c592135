"""Where the latent z comes from."""

import keras
import tensorflow as tf

from kgan.randomness import normal, uniform

register = keras.saving.register_keras_serializable("kgan")


class Prior:
    """A distribution of z with independent coordinates.

    Called with a shape (n, d), a seed, int32 (2,), and a truncation t > 0 or
    None; returns float32 (n, d). Equal seeds give equal draws on any machine.
    """

    def __call__(self, shape, seed, truncation=None):
        raise NotImplementedError

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@register
class Normal(Prior):
    """z ~ N(0, I); truncation conditions every coordinate on |z_i| <= t.

    That is the truncation trick of Brock 2019, section 3.1: closer to the
    mode, finer and less varied.
    """

    def __call__(self, shape, seed, truncation=None):
        if truncation is None:
            return normal(shape, seed)
        mass = tf.math.erf(truncation / 2.0**0.5)  # P(|z_i| <= t)
        return normal(shape, seed, mass)


@register
class Uniform(Prior):
    """z ~ U(-half_width, half_width)^d; truncation t < 1 shrinks the cube by t."""

    def __init__(self, half_width=1.0):
        self.half_width = half_width

    def __call__(self, shape, seed, truncation=None):
        edge = self.half_width * min(1.0, truncation or 1.0)
        return uniform(shape, seed, -edge, edge)

    def get_config(self):
        return {"half_width": self.half_width}
