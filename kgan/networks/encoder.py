"""An encoder, which reads off a picture what a generator could have made it from."""

import keras
from keras import layers

from kgan.networks.blocks import normalise

FEATURES = 256  # units of the layer that all outputs share
LEAST = 4  # pixels of a side below which nothing is halved


def encoder(
    image_shape: tuple[int, ...], heads: dict[str, int], *, width: int = 32
) -> keras.Model:
    """Builds an encoder: images (n, H, W, C) in [-1, 1] -> a dict of outputs (n, width).

    Args:
        image_shape: (H, W, C).
        heads: name -> numbers in that output, such as {"z": 100, "label": 10}.
        width: channels of the first layer; each later one doubles it, up to 8 times.
    """
    image = x = keras.Input(image_shape, name="image")
    level = 0
    while min(x.shape[1:3]) > LEAST:
        filters = width * 2 ** min(level, 3)
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
        # Of each picture by itself: real ones and generated ones differ.
        x = layers.LeakyReLU(0.2)(normalise(x, "layer"))
        level += 1
    x = layers.LeakyReLU(0.2)(layers.Dense(FEATURES)(layers.Flatten()(x)))
    outputs = {
        name: layers.Dense(size, name=name, dtype="float32")(x)
        for name, size in heads.items()
    }
    return keras.Model(image, outputs, name="encoder")


def classifier(
    image_shape: tuple[int, ...], classes: int, *, width: int = 32
) -> keras.Model:
    """Builds a classifier: images (n, H, W, C) in [-1, 1] -> logits (n, classes).

    Args:
        image_shape: (H, W, C).
        classes: how many there are.
        width: as `encoder` takes it.
    """
    read = encoder(image_shape, {"label": classes}, width=width)
    return keras.Model(read.input, read.output["label"], name="classifier")
