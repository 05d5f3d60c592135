"""The U-Net of image translation (Isola 2017, appendix).

The source is halved down to one pixel by 4x4 convolutions, leaky ReLU .2 and
64-128-256-512-512... channels, and doubled up again by their transposes; each
doubling sees the halving of its size beside it. The first three doublings have
dropout. Instance norm, which batch norm at the paper's batch of 1 amounts to:
training and inference are the same, at any batch. Weights from N(0, .02).
"""

import keras
from keras import layers

from kgan.networks.dcgan import small
from kgan.networks.layers import Dropout, check_square, normalise

WIDTH, MOST = 64, 8  # channels: of the first layer, and how many times that at most
DROPPED = 3


def generator(
    source_shape,
    channels,
    *,
    width=WIDTH,
    skips=True,
    norm="instance",
    dropout=0.5,
    name="generator",
):
    """{"source": (n, H, H, C)} -> images (n, H, H, channels) in [-1, 1].

    Args:
        source_shape: (H, H, C); H is a power of 2 from 8 to 512.
        width: channels of the first layer; each later one doubles it, up to 8.
        skips: whether each doubling sees the halving of its size; False is the
            generator of DiscoGAN (Kim 2017).
        norm: "instance", "batch" or "none".
        dropout: share that the first three doublings drop in training.

    Raises:
        ValueError: `source_shape` is not square, or H is another number.
    """
    side, _ = check_square(source_shape)
    if side not in (8, 16, 32, 64, 128, 256, 512):
        raise ValueError(
            f"A U-Net halves its images down to one pixel: the side must be a power of "
            f"2 from 8 to 512; got {side}"
        )
    halvings = side.bit_length() - 1
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
