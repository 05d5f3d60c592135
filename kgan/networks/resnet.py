"""The residual generator of CycleGAN (Zhu 2017, appendix; Johnson 2016).

c7s1-64, d128, d256, blocks x R256, u128, u64, c7s1-3: a 7x7 convolution, two
halvings, residual blocks of two 3x3 convolutions, two doublings, and tanh. The borders
are padded by reflection, the norm is instance norm. Weights from N(0, .02).
"""

import keras
from keras import layers

from kgan.networks import sides
from kgan.networks.blocks import normalise
from kgan.networks.dcgan import small
from kgan.networks.layers import Reflect

SIDES = sides.RESIDUAL
WIDTH = 64


def generator(
    source_shape: tuple[int, ...],
    channels: int,
    *,
    width: int = WIDTH,
    blocks: int | None = None,
    norm: str = "instance",
    name: str = "generator",
) -> keras.Model:
    """Builds G: {"source": (n, H, W, C)} -> images (n, H, W, channels) in [-1, 1].

    Args:
        source_shape: (H, W, C), H and W of `SIDES`.
        channels: of the images that G makes.
        width: channels of the first layer.
        blocks: residual blocks; None for the paper's: 9 from 256 pixels on, 6 below.
        norm: "instance", "batch" or "none".
        name: of the model.

    Raises:
        ValueError: a side that is not one of `SIDES`.
    """
    size = source_shape[:2]
    SIDES.check("A residual generator", size)
    if blocks is None:
        blocks = 9 if max(size) >= 256 else 6
    source = keras.Input(source_shape, name="source")
    x = _plain(Reflect(3)(source), width, 7, norm)
    for times in (2, 4):
        x = layers.Conv2D(width * times, 3, **_options(strides=2, padding="same"))(x)
        x = layers.ReLU()(normalise(x, norm))
    for _ in range(blocks):
        y = _plain(Reflect(1)(x), width * 4, 3, norm)
        y = layers.Conv2D(width * 4, 3, **_options())(Reflect(1)(y))
        x = layers.Add()([x, normalise(y, norm)])
    for times in (2, 1):
        doubled = _options(strides=2, padding="same")
        x = layers.Conv2DTranspose(width * times, 3, **doubled)(x)
        x = layers.ReLU()(normalise(x, norm))
    last = _options(activation="tanh", dtype="float32")
    x = layers.Conv2D(channels, 7, **last)(Reflect(3)(x))
    return keras.Model({"source": source}, x, name=name)


def _plain(x, filters, side, norm):
    x = layers.Conv2D(filters, side, **_options())(x)
    return layers.ReLU()(normalise(x, norm))


def _options(**more):
    return {"kernel_initializer": small()} | more
