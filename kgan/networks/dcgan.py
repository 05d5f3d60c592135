"""All-convolutional networks (Radford 2015), for any side from 8 to 128.

Strided convolutions instead of pooling, batch norm except on G's output and
D's input, ReLU and tanh in G, LeakyReLU .2 in D, weights from N(0, .02).
Kernels are 4x4 rather than 5x5: a kernel that the stride divides leaves no
checkerboard.
"""

import keras
from keras import layers

from kgan.networks.layers import (
    answer,
    check_square,
    discriminator_inputs,
    factories,
    generator_inputs,
    levels,
    normalise,
)

WIDTH = 64
NORM = "batch"


def small():
    """N(0, .02); a fresh one per layer, as a shared one would repeat its draw."""
    return keras.initializers.RandomNormal(stddev=0.02)


def generator(latent, image_shape, *, classes=0, width=WIDTH, wide=0, start=small):
    """{"z": (n, latent)} -> images (n, *image_shape) in [-1, 1].

    Args:
        classes: with labels 0..classes - 1 as a second input "label", (n,).
        width: channels of the last hidden layer; each earlier one doubles it.
        wide: units of a dense layer before the first image; 0 has none.
        start: makes a layer's initializer.
    """
    size, channels = check_square(image_shape)
    halvings, side = levels(size)
    deep = width * 2 ** (halvings - 1)
    inputs, x = generator_inputs(latent, classes)
    for units in ([wide] if wide else []) + [side * side * deep]:
        x = layers.Dense(units, use_bias=False, kernel_initializer=start())(x)
        x = layers.ReLU()(normalise(x, "batch"))
    x = layers.Reshape((side, side, deep))(x)

    def up(filters, **kwargs):
        kwargs |= {"strides": 2, "padding": "same", "kernel_initializer": start()}
        return layers.Conv2DTranspose(filters, 4, **kwargs)

    for level in reversed(range(halvings - 1)):
        x = up(width * 2**level, use_bias=False)(x)
        x = layers.ReLU()(normalise(x, "batch"))
    # float32: half precision would round the pixels.
    x = up(channels, activation="tanh", dtype="float32")(x)
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
    wide=0,
    start=small,
    slope=0.2,
    features=False,
    name="discriminator",
):
    """Images (n, H, W, C * pack) -> scores (n,), or a dict of them with `heads`.

    Args:
        classes, pack, heads, norm, spectral: as `kgan.networks.mlp.discriminator`.
        width: channels of the first layer; each later one doubles it.
        wide: units of a dense layer after the convolutions; 0 has none.
        start: makes a layer's initializer.
        slope: of the leaky rectifiers.
        features: whether the dict holds the convolutions' outputs too, but the
            first one's, as "feature_0" and so on.
    """
    size, _ = check_square(image_shape)
    halvings, _ = levels(size)
    dense, conv = factories(spectral, start)
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

    outputs = answer(x, one_hot, dense, heads, hidden)
    if features:
        outputs = (outputs if heads else {"score": outputs}) | seen
    return keras.Model(inputs, outputs, name=name)
