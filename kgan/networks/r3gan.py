"""The networks of R3GAN (Huang 2024), for sides from 8 to 256.

A stage has some residual blocks at one size. A block is a 1x1 convolution to twice the
channels, a 3x3 convolution in groups of 16 channels, and a 1x1 convolution back, with
LeakyReLU .2 between them. There is no normalisation: Fix-up (Zhang 2019) begins every
block as the identity. Between stages height and width double, or halve, with the filter
[1, 3, 3, 1]. G has no tanh: samples are clipped to [-1, 1] when they are stored.
"""

import math
from typing import Any

import keras
from keras import initializers, layers

from kgan.networks import sides
from kgan.networks.blocks import (
    Classes,
    discriminator_inputs,
    generator_inputs,
    levels,
    normalise,
    one_hot_parts,
    with_heads,
)
from kgan.networks.layers import (
    DiscriminativeBasis,
    GenerativeBasis,
    GroupedConv2D,
    Resample,
)

SIDES = sides.CONVOLUTIONAL
WIDTH = 0  # by the size of the images
NORM = "none"
OPTIONS = ("widest", "blocks")  # what a configuration may say in addition
WIDEST, BLOCKS = 128, 1  # the paper's are 768 and 2
GROUP = 16  # channels of a group
GAIN = math.sqrt(2.0 / (1.0 + 0.2**2))  # keeps the variance through LeakyReLU .2


def widths(
    image_shape: tuple[int, ...], width: int = WIDTH, widest: int = WIDEST
) -> list[int]:
    """Returns the channels of the stages, the largest images first.

    They begin with `width` and double up to `widest`. With the widest 768 these are the
    paper's: width 768 for 32 pixels, 384 for 64, 96 for 256.

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        width: of the first stage; 0 is 64 up to 32 pixels, and half of it for each
            doubling: the largest stage takes most of the time.
        widest: the most channels.
    """
    size = image_shape[:2]
    halvings, _ = levels(*size)
    if not width:
        doublings = math.ceil(math.log2(max(32, *size) / 32))
        width = min(64 >> doublings, widest)
    return [min(width << level, max(width, widest)) for level in range(halvings + 1)]


def generator(
    latent: int,
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    width: int = WIDTH,
    widest: int = WIDEST,
    blocks: int = BLOCKS,
) -> keras.Model:
    """Builds G: {"z": (n, latent)} -> images (n, *image_shape), about [-1, 1].

    Args:
        latent: numbers in z.
        image_shape: (H, W, C), H and W of `SIDES`.
        classes: as of `kgan.networks.blocks.one_hot_parts`; not 0, there is a second
            input "label", (n,).
        width: as `widths` takes it.
        widest: as `widths` takes it.
        blocks: residual blocks of a stage.
    """
    *size, channels = image_shape
    _, left = levels(*size)
    stages = widths(image_shape, width, widest)[::-1]
    inputs, x = generator_inputs(latent, classes)
    if classes:
        label = _linear(latent)(one_hot_parts(inputs["label"], classes))
        x = layers.Concatenate()([inputs["z"], label])
    total = blocks * len(stages)
    for stage, filters in enumerate(stages):
        # The smallest images stay in float32, as in the authors' code.
        given: dict[str, Any] = {} if stage else {"dtype": "float32"}
        if stage:
            if x.shape[-1] != filters:
                x = _convolution(filters)(x)
            x = Resample(up=True)(x)
        else:
            x = _linear(filters, **given)(x)
            x = GenerativeBasis(*left, **given)(x)
        for _ in range(blocks):
            x = _block(x, total, **given)
    # float32: half precision would round the pixels.
    x = _convolution(channels, dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def discriminator(
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    pack: int = 1,
    heads: dict[str, int] | None = None,
    width: int = WIDTH,
    widest: int = WIDEST,
    blocks: int = BLOCKS,
    norm: str = NORM,
    spectral: bool = False,
) -> keras.Model:
    """Builds D: images (n, H, W, C * pack) -> scores (n,), or a dict with `heads`.

    Args:
        image_shape: (H, W, C) of one image, H and W of `SIDES`.
        classes: as of G; not 0, the inputs are {"x", "label"}, as of `kgan.networks.mlp`,
            and the score is the product of features with a vector of the label.
        pack: images that D sees together (PacGAN, Lin 2018).
        heads: name -> width of further outputs, such as InfoGAN's Q.
        width: as `widths` takes it.
        widest: as `widths` takes it.
        blocks: residual blocks of a stage.
        norm: "batch", "layer" or "none", after every grouped convolution.
        spectral: not possible.

    Raises:
        ValueError: spectral norm is asked for, or a side is not one of `SIDES`.
    """
    if spectral:
        raise ValueError("spectral norm divides by the norm of kernels that begin as 0")
    stages = widths(image_shape, width, widest)
    inputs, x, one_hot = discriminator_inputs(image_shape, classes, pack)
    x = _convolution(stages[0])(x)
    total = blocks * len(stages)
    for stage, filters in enumerate(stages):
        last = stage == len(stages) - 1
        given: dict[str, Any] = {"dtype": "float32"} if last else {}
        if x.shape[-1] != filters:
            x = _convolution(filters)(x)
        for _ in range(blocks):
            x = _block(x, total, norm, **given)
        if not last:
            x = Resample(up=False)(x)
    x = DiscriminativeBasis(dtype="float32")(x)
    outputs = with_heads(_score(x, one_hot), x, heads, _hidden)
    return keras.Model(inputs, outputs, name="discriminator")


def _block(x, total, norm="none", **given):
    """A residual block of a network with `total` of them."""
    filters = x.shape[-1]
    # Fix-up: three layers, the last of which begins with zeros.
    gain = GAIN * total ** (-1 / 4)
    groups = 2 * filters // math.gcd(GROUP, 2 * filters)
    y = _convolution(2 * filters, gain, use_bias=True, **given)(x)
    y = layers.LeakyReLU(0.2, **given)(y)
    y = GroupedConv2D(2 * filters, 3, groups, scaled(gain), **given)(y)
    y = layers.LeakyReLU(0.2, **given)(normalise(y, norm))
    y = _convolution(filters, 0.0, **given)(y)
    return layers.Add(**given)([x, y])


def scaled(gain: float) -> keras.Initializer:
    """Returns the initializer N(0, gain / sqrt(inputs of a unit)); 0 gives zeros."""
    if not gain:
        return initializers.Zeros()
    return initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal")


def _convolution(filters, gain=1.0, use_bias=False, **given):
    initializer = scaled(gain)
    return layers.Conv2D(
        filters, 1, use_bias=use_bias, kernel_initializer=initializer, **given
    )


def _linear(units, gain=1.0, **given):
    return layers.Dense(units, use_bias=False, kernel_initializer=scaled(gain), **given)


def _score(features, one_hot):
    if one_hot is None:
        score = _linear(1, name="score", dtype="float32")(features)
        return layers.Reshape((), dtype="float32")(score)
    width = features.shape[-1]
    features = _linear(width, dtype="float32")(features)
    label = _linear(width, width**-0.5, dtype="float32")(one_hot)
    return layers.Reshape((), dtype="float32")(
        layers.Dot(axes=-1, dtype="float32")([features, label])
    )


def _hidden(features):
    return layers.LeakyReLU(0.2)(layers.Dense(128)(features))
