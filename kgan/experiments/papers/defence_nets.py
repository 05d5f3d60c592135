"""The classifiers of Defense-GAN (Samangouei 2018, appendix C), for images of 28 pixels."""

import keras
import numpy as np
from keras import layers

# Sizes as the paper has them: filters, kernel, stride, padding; units; dropout.
NETS = {
    "A": (
        ("conv", 64, 5, 1, "same"),
        ("conv", 64, 5, 2, "valid"),
        ("dropout", 0.25),
        ("dense", 128),
        ("dropout", 0.5),
    ),
    "B": (
        ("dropout", 0.2),
        ("conv", 64, 8, 2, "same"),
        ("conv", 128, 6, 2, "valid"),
        ("conv", 128, 5, 1, "valid"),
        ("dropout", 0.5),
    ),
    "D": (("dense", 200), ("dropout", 0.5), ("dense", 200)),
}

DARK, STEEP = 0.4, 6.0  # of `read_single_pixels`


def build(name: str, seed: int, classes: int = 10, dropout: bool = True) -> keras.Model:
    """Builds an untrained net: images (n, 28, 28, 1) in 0..255 -> logits (n, classes)."""

    def start():
        start.number += 1
        return keras.initializers.GlorotUniform(seed=100 * seed + start.number)

    start.number = 0
    image = keras.Input((28, 28, 1), dtype="float32")
    x = layers.Rescaling(1 / 255)(image)
    for kind, *sizes in NETS[name]:
        if kind == "conv":
            filters, kernel, stride, padding = sizes
            x = layers.Conv2D(
                filters,
                kernel,
                stride,
                padding,
                activation="relu",
                kernel_initializer=start(),
            )(x)
        elif kind == "dropout":
            rate = sizes[0] if dropout else 0.0
            x = layers.Dropout(rate, seed=seed)(x)
        else:
            x = x if len(x.shape) == 2 else layers.Flatten()(x)
            x = layers.Dense(sizes[0], "relu", kernel_initializer=start())(x)
    x = x if len(x.shape) == 2 else layers.Flatten()(x)
    return keras.Model(image, layers.Dense(classes, kernel_initializer=start())(x))


def read_single_pixels(net: keras.Model, pixels: np.ndarray) -> None:
    """Sets the first dense layer of a net without convolutions: a pixel for each unit.

    A unit of random weights adds up hundreds of pixels, and with them all that an attack
    within a bound has added to each. One that begins to answer where its one pixel is
    brighter than `DARK` does not see how a pixel below .1 changes by .3.

    The pixels are those that vary the most in the images, of every second one, as the
    black fields of a chess board.

    Args:
        net: that `build` built.
        pixels: uint8 (n, H, W, 1).
    """
    first = next(one for one in net.layers if isinstance(one, layers.Dense))
    _, height, width, _ = pixels.shape
    varies = (pixels > 127).var(0)[..., 0]
    varies[np.indices((height, width)).sum(0) % 2 == 1] = -1.0
    chosen = np.argsort(-varies.ravel(), kind="stable")[: first.units]
    kernel = np.zeros((height * width, first.units), np.float32)
    kernel[chosen, np.arange(first.units)] = STEEP
    first.set_weights([kernel, np.full(first.units, -DARK * STEEP, np.float32)])
