"""The networks of AttGAN (He 2019): an encoder, and a decoder that is told attributes.

4x4 convolutions with leaky ReLU .2 halve a picture to 4 pixels or less, with the channels
of `dcgan`; transposed ones double it up again. The attributes, one-hot, stand at each
place of the code, and of the first doubled feature map together with the encoder's of that
size. With a mask the last layer also says, for each pixel, how much of it is drawn anew
(Pumarola 2018, GANimation): the rest of the picture cannot change.
"""

from collections.abc import Sequence

import keras
from keras import layers, ops

from kgan.networks import dcgan, sides
from kgan.networks.blocks import attribute_heads, levels, normalise
from kgan.networks.conditions import tiled

SIDES = sides.CONVOLUTIONAL
WIDTH = 32
NORM = "none"  # of D
DENSE = 256  # units of D's last hidden layer
UNCHANGED = -2.0  # the mask begins as its sigmoid, 12 %


def generator(
    image_shape: tuple[int, ...],
    sizes: Sequence[int],
    *,
    width: int = WIDTH,
    mask: bool = True,
    norm: str = "batch",
) -> keras.Model:
    """Builds G: {"source": images, "attributes": int32 (n, A)} -> images in [-1, 1].

    It is made of the layers "encoder", source -> feature maps, the deepest first, and
    "decoder", (source, attributes, *feature maps) -> {"image": what G returns, "drawn":
    the picture before the mask} and, with a mask, {"mask": (n, H, W, 1)}, how much of it
    is used.

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        sizes: how many options each of the A attributes has.
        width: channels of the first layer; each later one doubles it.
        mask: whether what is drawn covers only parts of the source.
        norm: "batch", "instance" or "none".

    Raises:
        ValueError: (H, W) is not one of `SIDES`.
    """
    source = keras.Input(image_shape, name="source")
    attributes = keras.Input((len(sizes),), dtype="int32", name="attributes")
    encode = _encoder(image_shape, width, norm)
    features = encode(source)
    decode = _decoder(image_shape, sizes, encode.output_shape, width, mask, norm)
    image = decode([source, attributes, *features])["image"]
    given = {"source": source, "attributes": attributes}
    return keras.Model(given, image, name="generator")


def _encoder(image_shape, width, norm):
    """Source -> [the code, the feature map that is twice as large]."""
    halvings, _ = levels(*image_shape[:2])
    source = x = keras.Input(image_shape)
    found = []
    for level in range(halvings):
        x = layers.Conv2D(width * 2**level, 4, **_options())(x)
        x = layers.LeakyReLU(0.2)(normalise(x, norm if level else "none"))
        found.append(x)
    return keras.Model(source, found[:-3:-1], name="encoder")


def _decoder(image_shape, sizes, shapes, width, mask, norm):
    channels = image_shape[-1]
    source = keras.Input(image_shape)
    attributes = keras.Input((len(sizes),), dtype="int32")
    code, skip = (keras.Input(shape[1:]) for shape in shapes)
    told = _one_hot(attributes, sizes)
    x = layers.Concatenate()([code, tiled(told, code)])
    halvings, _ = levels(*image_shape[:2])
    for level in reversed(range(halvings - 1)):
        x = layers.Conv2DTranspose(width * 2**level, 4, **_options())(x)
        x = layers.ReLU()(normalise(x, norm))
        if level == halvings - 2:
            x = layers.Concatenate()([x, skip, tiled(told, x)])
    # float32: half precision would round the pixels.
    last = {"activation": "tanh", "dtype": "float32"}
    drawn = layers.Conv2DTranspose(channels, 4, **_options(), **last)(x)
    outputs = {"image": drawn, "drawn": drawn}
    if mask:
        bias = keras.initializers.Constant(UNCHANGED)
        last |= {"activation": "sigmoid", "bias_initializer": bias}
        share = layers.Conv2DTranspose(1, 4, **_options(), **last)(x)
        image = source + share * (drawn - source)
        outputs |= {"image": image, "mask": share}
    return keras.Model([source, attributes, code, skip], outputs, name="decoder")


def discriminator(
    image_shape: tuple[int, ...],
    sizes: Sequence[int],
    *,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
) -> keras.Model:
    """Builds D: images -> {"score": (n,), "attribute_0": logits (n, sizes[0]), ...}.

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        sizes: how many options each attribute has.
        width: channels of the first layer; each later one doubles it.
        norm: as of `kgan.networks.dcgan.discriminator`.
        spectral: whether to divide every layer by its largest singular value.
    """
    return dcgan.discriminator(
        image_shape,
        heads=attribute_heads(sizes),
        width=width,
        norm=norm,
        spectral=spectral,
        wide=DENSE,
        kernel_initializer=keras.initializers.HeNormal,
    )


def _one_hot(attributes, sizes):
    parts = [ops.one_hot(attributes[:, i], size) for i, size in enumerate(sizes)]
    return ops.concatenate(parts, axis=-1)


def _options():
    initializer = keras.initializers.HeNormal()
    return {"strides": 2, "padding": "same", "kernel_initializer": initializer}
