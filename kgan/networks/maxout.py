"""The dense networks of the first papers (Goodfellow 2014, Mirza 2014), for MNIST.

G: z -> ReLU 1200 -> ReLU 1200 -> pixels; with a label, z -> ReLU 200 beside
label -> ReLU 1000, then ReLU 1200. D: maxout layers of 5 pieces with dropout.
G's sigmoid in [0, 1] is here tanh(a / 2) in [-1, 1], the same pixels.
"""

import math

import keras
from keras import layers, ops

from kgan.networks.layers import Dropout, Maxout

PIECES = 5
DRAWING, JUDGING = 0.05, 0.005  # U(-a, a) that each player starts from


def generator(latent, image_shape, *, classes=0):
    """{"z": (n, latent)}, and "label" (n,) with `classes`, -> images in [-1, 1]."""
    inputs = {"z": keras.Input((latent,), name="z")}
    if classes:
        inputs["label"] = keras.Input((), dtype="int32", name="label")
        one_hot = ops.one_hot(inputs["label"], classes)
        x = layers.Concatenate()([_relu(inputs["z"], 200), _relu(one_hot, 1000)])
    else:
        x = _relu(inputs["z"], 1200)
    x = _relu(x, 1200)
    x = layers.Dense(math.prod(image_shape), kernel_initializer=_start(DRAWING))(x)
    x = layers.Activation("tanh", dtype="float32")(layers.Rescaling(0.5)(x))
    x = layers.Reshape(image_shape, dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def discriminator(image_shape, *, classes=0, dropout=True):
    """Images (n, H, W, C) -> scores (n,); with `classes`, {"x", "label" (n, 1)}.

    Args:
        dropout: the papers' shares; False where something else keeps D in bounds.
    """
    drop = Dropout if dropout else lambda share: lambda x: x
    image = keras.Input(image_shape, name="x")
    x = layers.Rescaling(0.5, 0.5)(layers.Flatten()(image))  # [0, 1], as in the papers
    if classes:
        label = keras.Input((1,), dtype="int32", name="label")
        one_hot = layers.Flatten()(ops.one_hot(label, classes))
        x = layers.Concatenate()([_maxout(x, 240), _maxout(one_hot, 50)])
        x = _maxout(drop(0.5)(x), 240, pieces=4)
        inputs = {"x": image, "label": label}
    else:
        x = _maxout(drop(0.2)(x), 240)
        x = _maxout(drop(0.5)(x), 240)
        inputs = image
    x = drop(0.5)(x)
    x = layers.Dense(1, kernel_initializer=_start(JUDGING), dtype="float32")(x)
    return keras.Model(
        inputs, layers.Reshape((), dtype="float32")(x), name="discriminator"
    )


def _relu(x, width):
    dense = layers.Dense(width, "relu", kernel_initializer=_start(DRAWING))
    return dense(x)


def _maxout(x, width, pieces=PIECES):
    dense = layers.Dense(width * pieces, kernel_initializer=_start(JUDGING))
    return Maxout(pieces)(dense(x))


def _start(bound):
    return keras.initializers.RandomUniform(-bound, bound)
