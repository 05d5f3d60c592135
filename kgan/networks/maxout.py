"""The dense networks of the first papers (Goodfellow 2014, Mirza 2014), for MNIST.

G: z -> ReLU 1200 -> ReLU 1200 -> pixels. With a label: z -> ReLU 200 and label ->
ReLU 1000, joined, then ReLU 1200. D: maxout layers of 5 pieces with dropout. The
papers' sigmoid in [0, 1] is tanh(a / 2) in [-1, 1] here, which gives the same pixels.
"""

import math

import keras
from keras import layers, ops

from kgan.networks import sides
from kgan.networks.layers import Dropout, Maxout

SIDES = sides.DENSE
PIECES = 5
G_BOUND, D_BOUND = 0.05, 0.005  # the initial weights are U(-bound, bound)


def generator(
    latent: int, image_shape: tuple[int, ...], *, classes: int = 0
) -> keras.Model:
    """Builds G: {"z": (n, latent)} -> images (n, *image_shape) in [-1, 1].

    Args:
        latent: numbers in z.
        image_shape: (H, W, C), H and W of `SIDES`.
        classes: above 0, a second input "label" (n,) holds labels 0..classes - 1.
    """
    SIDES.check("A maxout network", image_shape[:-1])
    inputs = {"z": keras.Input((latent,), name="z")}
    if classes:
        inputs["label"] = keras.Input((), dtype="int32", name="label")
        one_hot = ops.one_hot(inputs["label"], classes)
        x = layers.Concatenate()([_relu(inputs["z"], 200), _relu(one_hot, 1000)])
    else:
        x = _relu(inputs["z"], 1200)
    x = _relu(x, 1200)
    x = layers.Dense(math.prod(image_shape), kernel_initializer=_initializer(G_BOUND))(
        x
    )
    x = layers.Activation("tanh", dtype="float32")(layers.Rescaling(0.5)(x))
    x = layers.Reshape(image_shape, dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def discriminator(
    image_shape: tuple[int, ...], *, classes: int = 0, dropout: bool = True
) -> keras.Model:
    """Builds D: images (n, H, W, C) -> scores (n,).

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        classes: above 0, the inputs are {"x", "label"}, where "label" (n, 1) holds
            labels 0..classes - 1.
        dropout: whether to drop the papers' shares; False where something else, such
            as a penalty, regularises D.
    """
    SIDES.check("A maxout network", image_shape[:-1])
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
    x = layers.Dense(1, kernel_initializer=_initializer(D_BOUND), dtype="float32")(x)
    return keras.Model(
        inputs, layers.Reshape((), dtype="float32")(x), name="discriminator"
    )


def _relu(x, width):
    dense = layers.Dense(width, "relu", kernel_initializer=_initializer(G_BOUND))
    return dense(x)


def _maxout(x, width, pieces=PIECES):
    dense = layers.Dense(width * pieces, kernel_initializer=_initializer(D_BOUND))
    return Maxout(pieces)(dense(x))


def _initializer(bound):
    return keras.initializers.RandomUniform(-bound, bound)
