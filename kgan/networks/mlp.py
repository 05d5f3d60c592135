"""Dense networks for images: the MNIST recipe of the lecture notes.

G: z -> 256 -> 512 -> 1024 -> pixels, tanh; D: pixels -> 1024 -> 512 -> 256 ->
score, dropout .3; LeakyReLU .2 between the layers.
"""

import math

import keras
from keras import layers

from kgan.networks import sides
from kgan.networks.blocks import (
    Classes,
    answer,
    discriminator_inputs,
    factories,
    generator_inputs,
    normalise,
)
from kgan.networks.layers import Dropout

SIDES = sides.DENSE
WIDTH = 256
NORM = "none"


def generator(
    latent: int,
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    width: int = WIDTH,
) -> keras.Model:
    """Builds G: {"z": (n, latent)} -> images (n, *image_shape) in [-1, 1].

    Args:
        latent: numbers in z.
        image_shape: (H, W, C), H and W of `SIDES`.
        classes: above 0, a second input "label" (n,) holds labels 0..classes - 1.
        width: of the first of three hidden layers; each later one doubles it.
    """
    SIDES.check("A dense generator", image_shape[:-1])
    inputs, x = generator_inputs(latent, classes)
    for factor in (1, 2, 4):
        x = layers.LeakyReLU(0.2)(layers.Dense(factor * width)(x))
    # float32: half precision would round the pixels.
    x = layers.Dense(math.prod(image_shape), activation="tanh", dtype="float32")(x)
    x = layers.Reshape(image_shape, dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def discriminator(
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    pack: int = 1,
    heads: dict[str, int] | None = None,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
    dropout: float = 0.3,
) -> keras.Model:
    """Builds D: images (n, H, W, C * pack) -> scores (n,), or a dict with `heads`.

    Args:
        image_shape: (H, W, C) of one image, H and W of `SIDES`.
        classes: above 0, the inputs are {"x", "label"}, where "label" (n, pack) holds
            labels 0..classes - 1.
        pack: images that D sees together (PacGAN, Lin 2018).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        width: of the last of three hidden layers; the first is four times as wide.
        norm: "batch", "layer" or "none", after every hidden layer except the first.
        spectral: whether to divide every layer by its largest singular value.
        dropout: share of each hidden layer's outputs that is dropped in training.
    """
    SIDES.check("A dense discriminator", image_shape[:-1])
    dense, _ = factories(spectral)
    inputs, image, one_hot = discriminator_inputs(image_shape, classes, pack)
    x = layers.Flatten()(image)
    for factor in (4, 2, 1):
        x = dense(factor * width)(x)
        x = x if factor == 4 else normalise(x, norm)
        x = Dropout(dropout)(layers.LeakyReLU(0.2)(x))

    def hidden(features):
        return layers.LeakyReLU(0.2)(layers.Dense(128)(features))

    return keras.Model(
        inputs, answer(x, one_hot, dense, heads, hidden), name="discriminator"
    )
