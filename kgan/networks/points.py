"""Dense networks for points and other rows of numbers.

G: z -> 3 x (dense 128, ReLU) -> a point; D: points, packed -> 3 x (dense 128, leaky
ReLU) -> score. There is no batch norm, which would make the points of a batch depend
on each other; He's initializer keeps their scale through the layers.
"""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from kgan.networks.blocks import (
    Classes,
    answer,
    discriminator_inputs,
    factories,
    generator_inputs,
    normalise,
)

WIDTH = 128
NORM = "none"
he = keras.initializers.HeNormal


def generator(
    latent: int = 2,
    shape: tuple[int, ...] = (2,),
    *,
    classes: Classes = 0,
    width: int = WIDTH,
    depth: int = 3,
    input_name: str = "z",
    kernel_initializer: Callable[[], Any] = he,
    name: str = "generator",
) -> keras.Model:
    """Builds G: {"z": (n, latent)} -> points (n, *shape), without bounds.

    Args:
        latent: numbers in z.
        shape: of a point, (d,).
        classes: with labels 0..classes - 1 as a second input "label", (n,).
        width: of each hidden layer.
        depth: hidden layers.
        input_name: the name of the input: "source" for a translation of points.
        kernel_initializer: makes an initializer, anew for each layer.
        name: of the model.
    """
    if input_name == "z":
        inputs, x = generator_inputs(latent, classes)
    else:
        x = keras.Input((latent,), name=input_name)
        inputs = {input_name: x}
    for _ in range(depth):
        x = layers.Dense(width, "relu", kernel_initializer=kernel_initializer())(x)
    last = {"kernel_initializer": kernel_initializer(), "dtype": "float32"}
    return keras.Model(inputs, layers.Dense(*shape, **last)(x), name=name)


def discriminator(
    shape: tuple[int, ...] = (2,),
    *,
    classes: Classes = 0,
    pack: int = 1,
    heads: dict[str, int] | None = None,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
    depth: int = 3,
    name: str = "discriminator",
) -> keras.Model:
    """Builds D: points (n, d * pack) -> scores (n,), or a dict of them with `heads`.

    Args:
        shape: of a point, (d,).
        classes: above 0, the inputs are {"x", "label"}, as of `kgan.networks.mlp`.
        pack: points that D sees together (PacGAN, Lin 2018).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        norm: "batch", "layer" or "none", after every hidden layer except the first.
        spectral: whether to divide every layer by its largest singular value.
        width: of each hidden layer.
        depth: hidden layers.
        name: of the model.
    """
    dense, _ = factories(spectral, he)
    inputs, x, one_hot = discriminator_inputs(shape, classes, pack)
    for level in range(depth):
        x = dense(width)(x)
        x = layers.LeakyReLU(0.2)(x if level == 0 else normalise(x, norm))

    def hidden(features):
        return layers.LeakyReLU(0.2)(layers.Dense(width)(features))

    outputs = answer(x, one_hot, dense, heads, hidden)
    return keras.Model(inputs, outputs, name=name)
