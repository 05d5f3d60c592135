"""The U-Net of image translation (Isola 2017, appendix).

4x4 convolutions with leaky ReLU .2 and 64-128-256-512-512... channels halve the source
as long as height and width are even, 256x256 down to one pixel and 96x128 to 3x4, and
transposed ones double it up again; each doubling also gets the output of the halving of
its size. The first three doublings have dropout. The norm is
instance norm, which is what batch norm is at the paper's batch of 1: training and
inference are the same, at any batch size. Weights from N(0, .02).
"""

import keras
from keras import layers

from kgan.networks import sides
from kgan.networks.blocks import normalise
from kgan.networks.dcgan import small
from kgan.networks.layers import Dropout

SIDES = sides.UNET
WIDTH, MOST = 64, 8  # channels: of the first layer, and how many times that at most
DROPPED = 3


def generator(
    source_shape: tuple[int, ...],
    channels: int,
    *,
    width: int = WIDTH,
    skips: bool = True,
    norm: str = "instance",
    dropout: float = 0.5,
    name: str = "generator",
) -> keras.Model:
    """Builds G: {"source": (n, H, W, C)} -> images (n, H, W, channels) in [-1, 1].

    Args:
        source_shape: (H, W, C), H and W of `SIDES`.
        channels: of the images that G makes.
        width: channels of the first layer; each later one doubles it, up to 8.
        skips: whether each doubling gets the output of the halving of its size; False
            is the generator of DiscoGAN (Kim 2017).
        norm: "instance", "batch" or "none".
        dropout: share of their outputs that the first three doublings drop in training.
        name: of the model.

    Raises:
        ValueError: (H, W) is not one of `SIDES`.
    """
    SIDES.check("A U-Net", source_shape[:2])
    halvings = sides.halvings(*source_shape[:2])
    source = x = keras.Input(source_shape, name="source")
    halved = []
    for level in range(halvings):
        x = x if level == 0 else layers.LeakyReLU(0.2)(x)
        x = layers.Conv2D(_channels(width, level), 4, **_options())(x)
        # One pixel has no deviation to divide by, and the source needs no norm.
        x = x if level in (0, halvings - 1) else normalise(x, norm)
        halved.append(x)
    for level in reversed(range(halvings - 1)):
        x = layers.ReLU()(x)
        x = layers.Conv2DTranspose(_channels(width, level), 4, **_options())(x)
        x = normalise(x, norm)
        if dropout and level >= halvings - 1 - DROPPED:
            x = Dropout(dropout)(x)
        x = layers.Concatenate()([x, halved[level]]) if skips else x
    last = _options() | {"activation": "tanh", "dtype": "float32"}
    x = layers.Conv2DTranspose(channels, 4, **last)(layers.ReLU()(x))
    return keras.Model({"source": source}, x, name=name)


def _channels(width, level):
    return width * min(2**level, MOST)


def _options():
    return {"strides": 2, "padding": "same", "kernel_initializer": small()}
