"""All-convolutional networks (Radford 2015), for sides from 8 to 256.

Strided convolutions instead of pooling, batch norm except on G's output and
D's input, ReLU and tanh in G, LeakyReLU .2 in D, weights from N(0, .02).
Kernels are 4x4 rather than 5x5: a kernel that the stride divides leaves no
checkerboard.
"""

import math
from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from kgan.networks import sides
from kgan.networks.blocks import (
    Classes,
    answer,
    discriminator_inputs,
    factories,
    generator_inputs,
    levels,
    normalise,
)

SIDES = sides.CONVOLUTIONAL
WIDTH = 64
NORM = "batch"


def small() -> keras.Initializer:
    """An initializer N(0, .02); make one for each layer, as it repeats its numbers."""
    return keras.initializers.RandomNormal(stddev=0.02)


def generator(
    latent: int,
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    width: int = WIDTH,
    wide: int = 0,
    kernel_initializer: Callable[[], Any] = small,
) -> keras.Model:
    """Builds G: {"z": (n, latent)} -> images (n, *image_shape) in [-1, 1].

    Args:
        latent: numbers in z.
        image_shape: (H, W, C), H and W of `SIDES`.
        classes: above 0, a second input "label" (n,) holds labels 0..classes - 1.
        width: channels of the last hidden layer; each earlier one doubles it.
        wide: units of a dense layer before the first feature map; 0 has none.
        kernel_initializer: makes an initializer, anew for each layer.
    """
    *size, channels = image_shape
    halvings, left = levels(*size)
    deep = width * 2 ** (halvings - 1)
    inputs, x = generator_inputs(latent, classes)
    for units in ([wide] if wide else []) + [math.prod(left) * deep]:
        x = layers.Dense(
            units, use_bias=False, kernel_initializer=kernel_initializer()
        )(x)
        x = layers.ReLU()(normalise(x, "batch"))
    x = layers.Reshape((*left, deep))(x)

    def up(filters, **kwargs):
        kwargs |= {"strides": 2, "padding": "same"}
        kwargs |= {"kernel_initializer": kernel_initializer()}
        return layers.Conv2DTranspose(filters, 4, **kwargs)

    for level in reversed(range(halvings - 1)):
        x = up(width * 2**level, use_bias=False)(x)
        x = layers.ReLU()(normalise(x, "batch"))
    # float32: half precision would round the pixels.
    x = up(channels, activation="tanh", dtype="float32")(x)
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
    wide: int = 0,
    kernel_initializer: Callable[[], Any] = small,
    slope: float = 0.2,
    features: bool = False,
    name: str = "discriminator",
) -> keras.Model:
    """Builds D: images (n, H, W, C * pack) -> scores (n,), or a dict with `heads`.

    Args:
        image_shape: (H, W, C) of one image, H and W of `SIDES`.
        classes: above 0, the inputs are {"x", "label"}, as of `kgan.networks.mlp`.
        pack: images that D sees together (PacGAN, Lin 2018).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        norm: "batch", "layer" or "none", after every hidden layer except the first.
        spectral: whether to divide every layer by its largest singular value.
        width: channels of the first layer; each later one doubles it.
        wide: units of a dense layer after the convolutions; 0 has none.
        kernel_initializer: makes an initializer, anew for each layer.
        slope: of the leaky rectifiers for negative numbers.
        features: whether the output is a dict that also holds the output of each
            convolution except the first, as "feature_0" and so on.
        name: of the model.
    """
    halvings, _ = levels(*image_shape[:2])
    dense, conv = factories(spectral, kernel_initializer)
    inputs, x, one_hot = discriminator_inputs(image_shape, classes, pack)
    seen = {}
    for level in range(halvings):
        x = conv(width * 2**level, 4, strides=2, padding="same")(x)
        x = x if level == 0 else normalise(x, norm)
        x = layers.LeakyReLU(slope)(x)
        if level:
            seen[f"feature_{level - 1}"] = x
    x = layers.Flatten()(x)
    if wide:
        x = layers.LeakyReLU(slope)(normalise(dense(wide)(x), norm))

    def hidden(features):
        return layers.LeakyReLU(slope)(normalise(layers.Dense(128)(features), norm))

    outputs: Any = answer(x, one_hot, dense, heads, hidden)
    if features:
        outputs = (outputs if heads else {"score": outputs}) | seen
    return keras.Model(inputs, outputs, name=name)
