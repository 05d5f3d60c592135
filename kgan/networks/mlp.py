"""Dense networks: the MNIST recipe of the lecture notes.

G: z -> 256 -> 512 -> 1024 -> pixels, tanh; D: pixels -> 1024 -> 512 -> 256 ->
score, dropout .3; LeakyReLU .2 between the layers.
"""

import math

import keras
from keras import layers

from kgan.networks.layers import (
    Dropout,
    answer,
    discriminator_inputs,
    factories,
    generator_inputs,
    normalise,
)

WIDTH = 256
NORM = "none"


def generator(latent, image_shape, *, classes=0, width=WIDTH):
    """{"z": (n, latent)} -> images (n, *image_shape) in [-1, 1].

    Args:
        classes: with labels 0..classes - 1 as a second input "label", (n,).
        width: of the first of three layers; each doubles it.
    """
    inputs, x = generator_inputs(latent, classes)
    for factor in (1, 2, 4):
        x = layers.LeakyReLU(0.2)(layers.Dense(factor * width)(x))
    # float32: half precision would round the pixels.
    x = layers.Dense(math.prod(image_shape), activation="tanh", dtype="float32")(x)
    x = layers.Reshape(image_shape, dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def discriminator(
    image_shape,
    *,
    classes=0,
    pack=1,
    heads=None,
    width=WIDTH,
    norm=NORM,
    spectral=False,
    dropout=0.3,
):
    """Images (n, H, W, C * pack) -> scores (n,), or a dict of them with `heads`.

    Args:
        classes: with a second input "label", int (n, pack); inputs then are
            {"x", "label"}.
        pack: examples judged at once (PacGAN).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        width: of the last of three layers; the first is four times as wide.
        norm: batch, layer or none; not on the first layer.
        spectral: divide every layer by its largest singular value.
        dropout: share of each layer's outputs that is dropped.
    """
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
