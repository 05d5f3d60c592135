"""InfoGAN's networks for MNIST (Chen 2016, appendix C.1), for any side.

DCGAN with one wide dense layer at the narrow end of both players; D and Q
share all of D's trunk. On 28x28 images with width 64 these are the paper's
layers.
"""

from keras import initializers

from kgan.networks import dcgan

WIDTH = 64
NORM = "batch"


def generator(latent, image_shape, *, classes=0, width=WIDTH):
    """As `kgan.networks.dcgan.generator`; the dense layer has 16 * `width` units."""
    return dcgan.generator(
        latent,
        image_shape,
        classes=classes,
        width=width,
        wide=16 * width,
        start=initializers.GlorotUniform,
    )


def discriminator(image_shape, *, width=WIDTH, **kwargs):
    """As `kgan.networks.dcgan.discriminator`; the dense layer has 16 * `width` units."""
    return dcgan.discriminator(
        image_shape,
        width=width,
        wide=16 * width,
        start=initializers.GlorotUniform,
        slope=0.1,
        **kwargs,
    )
