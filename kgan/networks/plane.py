"""Dense networks for points in the plane.

G: z -> 3 x (dense 128, ReLU) -> 2 numbers; D: points, packed -> 3 x (dense 128,
leaky ReLU) -> score. No batch norm, which would tie a batch's points together;
He's start, which keeps their scale through the layers.
"""

import keras
from keras import layers


def generator(
    latent=2,
    *,
    width=128,
    depth=3,
    given="z",
    start=keras.initializers.HeNormal,
    name="generator",
):
    """{"z": (n, latent)} -> points (n, 2), without bounds.

    Args:
        given: what the input is called: "source" for a translation of points.
        start: makes a layer's initializer.
    """
    z = x = keras.Input((latent,), name=given)
    for _ in range(depth):
        x = layers.Dense(width, "relu", kernel_initializer=start())(x)
    x = layers.Dense(2, kernel_initializer=start(), dtype="float32")(x)
    return keras.Model({given: z}, x, name=name)


def discriminator(*, pack=1, width=128, depth=3, name="discriminator"):
    """Points (n, 2 * pack) -> scores (n,)."""
    point = x = keras.Input((2 * pack,))
    for _ in range(depth):
        x = layers.Dense(width, kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Dense(1, kernel_initializer="he_normal", dtype="float32")(x)
    return keras.Model(point, layers.Flatten(dtype="float32")(x), name=name)
