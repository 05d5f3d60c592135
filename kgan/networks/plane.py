"""Dense networks for points in the plane, as PacGAN's experiments have them.

G: z -> 4 x (dense 400, batch norm, ReLU) -> 2 numbers; D: points, packed ->
3 x (maxout of 5 in 200 units) -> score (Lin 2018, appendix). N(0, .02) start.
"""

import keras
from keras import layers

from kgan.networks.layers import Maxout


def generator(latent=2, *, width=400, depth=4):
    """{"z": (n, latent)} -> points (n, 2), without bounds."""
    z = x = keras.Input((latent,), name="z")
    for _ in range(depth):
        x = layers.Dense(width, use_bias=False, kernel_initializer=_start())(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dense(2, kernel_initializer=_start(), dtype="float32")(x)
    return keras.Model({"z": z}, x, name="generator")


def discriminator(*, pack=1, width=200, pieces=5, depth=3):
    """Points (n, 2 * pack) -> scores (n,)."""
    point = x = keras.Input((2 * pack,))
    for _ in range(depth):
        x = layers.Dense(width * pieces, kernel_initializer=_start())(x)
        x = Maxout(pieces)(x)
    x = layers.Dense(1, kernel_initializer=_start(), dtype="float32")(x)
    return keras.Model(point, layers.Flatten(dtype="float32")(x), name="discriminator")


def _start():
    return keras.initializers.RandomNormal(stddev=0.02)
