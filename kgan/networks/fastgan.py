"""Networks for few images and little time, after FastGAN (Liu 2021), for sides 8 to 256.

G doubles its maps by repeating pixels, then a 3x3 convolution, batch norm and a gated
linear unit. Small maps gate the channels of maps sixteen times as large (skip-layer
excitation), so that what a picture is as a whole reaches its details at once. No kernel
overlaps unevenly, so there is no checkerboard.

D halves by two paths that are added. From its features it also has to draw its own input
again, smaller where its sides can be halved often: so it learns what pictures are made of,
and not by heart which ones it has seen. FastGAN also draws a random quarter again; that is
left out here, and the difference is a mean of absolute ones, not of a trained network.
"""

import math
from typing import Any

import keras
from keras import layers, ops

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
WIDTH = 16
NORM = "batch"
WIDEST = 8  # times the width, as channels of the smallest maps
APART = 4  # doublings between a map and the one whose channels it gates
DRAWN_FROM = 3  # halvings of the features that D draws its input from
RECONSTRUCTION = "reconstruction"  # the name of that output


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
        width: channels of the largest maps; each smaller one doubles it, up to eight
            times.
    """
    *size, channels = image_shape
    halvings, left = levels(*size)
    inputs, x = generator_inputs(latent, classes)
    deep = _channels(width, halvings)
    x = layers.Dense(math.prod(left) * 2 * deep, use_bias=False)(x)
    x = layers.Reshape((*left, 2 * deep))(x)
    maps = [_gated(normalise(x, "batch"))]
    # A game of few doublings is gated over the few that there are.
    apart = min(APART, halvings)
    for level in reversed(range(halvings)):
        filters = _channels(width, level)
        x = layers.UpSampling2D(2)(maps[-1])
        x = layers.Conv2D(2 * filters, 3, padding="same", use_bias=False)(x)
        x = _gated(normalise(x, "batch"))
        if len(maps) >= apart:
            x = _excited(x, maps[len(maps) - apart])
        maps.append(x)
    # float32: half precision would round the pixels.
    last = {"padding": "same", "activation": "tanh", "dtype": "float32"}
    return keras.Model(
        inputs, layers.Conv2D(channels, 3, **last)(maps[-1]), name="generator"
    )


def discriminator(
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    pack: int = 1,
    heads: dict[str, int] | None = None,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
) -> keras.Model:
    """Builds D: images (n, H, W, C * pack) -> a dict with "score" and "reconstruction".

    The reconstruction is how far, (n,), D's input lies from what its own features make
    of it: the mean absolute difference. A `kgan.GAN` adds that of real images to D's
    loss.

    Args:
        image_shape: (H, W, C) of one image, H and W of `SIDES`.
        classes: above 0, the inputs are {"x", "label"}, as of `kgan.networks.mlp`.
        pack: images that D sees together (PacGAN, Lin 2018).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        width: channels of the first layer; each later one doubles it, up to eight times.
        norm: "batch", "layer" or "none", after every hidden layer except the first.
        spectral: whether to divide every layer by its largest singular value.
    """
    halvings, _ = levels(*image_shape[:2])
    dense, conv = factories(spectral)
    inputs, image, one_hot = discriminator_inputs(image_shape, classes, pack)
    x = conv(width, 3, padding="same")(image)
    x = layers.LeakyReLU(0.2)(x)
    unlike = None
    for level in range(1, halvings + 1):
        x = _halved(x, _channels(width, level), conv, norm)
        if level == min(DRAWN_FROM, halvings):
            unlike = _unlike(image, x)
    x = conv(x.shape[-1], 1)(x)
    x = layers.Flatten()(_active(x, norm))

    def hidden(features):
        return _active(layers.Dense(128)(features), norm)

    outputs: Any = answer(x, one_hot, dense, heads, hidden)
    outputs = outputs if heads else {"score": outputs}
    return keras.Model(inputs, outputs | {RECONSTRUCTION: unlike}, name="discriminator")


def _channels(width, level):
    return width * min(2**level, WIDEST)


def _gated(x):
    """A gated linear unit (Dauphin 2017): half of the channels times the others' gates."""
    value, gate = ops.split(x, 2, axis=-1)
    return value * ops.sigmoid(gate)


def _excited(x, small):
    """A map with its channels gated by a smaller map (skip-layer excitation)."""
    gate = layers.Conv2D(x.shape[-1], small.shape[1:3])(small)
    gate = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(ops.silu(gate))
    return x * gate


def _active(x, norm):
    return layers.LeakyReLU(0.2)(normalise(x, norm))


def _halved(x, filters, conv, norm):
    y = conv(filters, 4, strides=2, padding="same")(x)
    y = _active(y, norm)
    y = conv(filters, 3, padding="same")(y)
    y = _active(y, norm)
    direct = conv(filters, 1)(layers.AveragePooling2D(2)(x))
    return (y + _active(direct, norm)) * math.sqrt(0.5)


def _unlike(image, features):
    """The mean absolute difference, (n,), of an image and what features make of it."""
    x, filters = features, features.shape[-1]
    for times in (1, 2):  # filters, halved each time by the gates
        x = layers.UpSampling2D(2)(x)
        x = _gated(layers.Conv2D(filters // times, 3, padding="same")(x))
    last = {"padding": "same", "activation": "tanh"}
    drawn = layers.Conv2D(image.shape[-1], 3, **last)(x)
    target = layers.AveragePooling2D(image.shape[1] // drawn.shape[1])(image)
    return ops.mean(ops.abs(drawn - target), axis=(1, 2, 3))
