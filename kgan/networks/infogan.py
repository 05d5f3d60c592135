"""InfoGAN's networks for MNIST (Chen 2016, appendix C.1), for any side.

They are DCGAN's networks with one wide dense layer, the first of G and the last of D
before its heads. D and Q share everything before the heads. On 28x28 images with width
64 these are the paper's layers.
"""

from typing import Any

import keras
from keras import initializers

from kgan.networks import dcgan, sides
from kgan.networks.blocks import Classes

SIDES = sides.CONVOLUTIONAL
WIDTH = 64
NORM = "batch"


def generator(
    latent: int,
    image_shape: tuple[int, ...],
    *,
    classes: Classes = 0,
    width: int = WIDTH,
) -> keras.Model:
    """Builds G like `kgan.networks.dcgan.generator`, with a wide dense layer.

    The dense layer has 16 * `width` units.
    """
    return dcgan.generator(
        latent,
        image_shape,
        classes=classes,
        width=width,
        wide=16 * width,
        kernel_initializer=initializers.GlorotUniform,
    )


def discriminator(
    image_shape: tuple[int, ...], *, width: int = WIDTH, **kwargs: Any
) -> keras.Model:
    """Builds D like `kgan.networks.dcgan.discriminator`, with a wide dense layer.

    The dense layer has 16 * `width` units.
    """
    return dcgan.discriminator(
        image_shape,
        width=width,
        wide=16 * width,
        kernel_initializer=initializers.GlorotUniform,
        slope=0.1,
        **kwargs,
    )
