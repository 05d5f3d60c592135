"""Networks of StackGAN (Zhang 2017): pictures from captions in two stages.

Stage I draws the shape and the colours of what a caption says. Stage II reads the
picture of a trained stage I and the caption again, and draws what has to change in that
picture at twice the side.

The networks are those of the authors' code, narrower: bottleneck residual blocks, each
doubling by repetition and a 3x3 convolution, batch norm and ReLU in G; 4x4 convolutions
of stride 2 in D, whose head joins the condition to each place of the last feature map.
Theirs of stage II draws all anew, and may forget what stage I has drawn. This one adds to
the enlarged picture, as LAPGAN does (Denton 2015).

The condition's noise e is a part of z, so that equal z draw equal pictures:
z = (noise, e of stage I, e of stage II).
"""

import keras
from keras import layers, ops

from kgan.networks.blocks import factories, levels, normalise, normaliser
from kgan.networks.conditions import (
    conditioned_scores,
    directions,
    drawn,
    joined,
    painter_inputs,
    score_alone,
    tiled,
)
from kgan.networks.dcgan import small
from kgan.networks.sides import CONVOLUTIONAL
from kgan.networks.words import Text, encoder

SIDES = CONVOLUTIONAL
WIDTH = 24
JOINED = 64  # numbers of the condition that D's head joins to each place
ROOM = 0.99  # of the range of pixels, where arctanh is finite


def generator(
    noise: int,
    image_shape: tuple[int, ...],
    text: Text,
    *,
    width: int = WIDTH,
    first: keras.Model | None = None,
) -> keras.Model:
    """Builds G: {"z": (n, d), "caption": int32 (n, L)} -> images (n, H, W, C) in [-1, 1].

    It is made of two models, its layers "encoder" and "painter"; d is `noise`, and the
    numbers of each augmented condition.

    Args:
        noise: numbers in z that are not the condition's.
        image_shape: (H, W, C), H and W of `SIDES`.
        text: a `kgan.networks.words.Text`.
        width: channels of the last hidden layer; each earlier one doubles it.
        first: G of stage I, for half the height and width, which is not trained; the G of
            stage II is built then.
    """
    if first is None:
        reader, draw = encoder(text), painter(noise, image_shape, text, width)
    else:
        reader = encoder(text, first.get_layer("encoder"))
        draw = refiner(first.get_layer("painter"), image_shape, text, width)
    return joined(reader, draw)


def painter(
    noise: int, image_shape: tuple[int, ...], text: Text, width: int = WIDTH
) -> keras.Model:
    """Builds the painter of stage I: {"z", "mean", "log_deviation"} -> images."""
    *size, channels = image_shape
    halvings, left = levels(*size)
    inputs = painter_inputs(noise + text.augmented * text.condition, text)
    condition = drawn(inputs, inputs["z"][:, noise:])
    x = layers.Concatenate()([inputs["z"][:, :noise], condition])
    deep = width * 2**halvings
    units = left[0] * left[1] * deep
    x = layers.Dense(units, use_bias=False, kernel_initializer=small())(x)
    x = layers.ReLU()(normalise(x, "batch"))
    x = layers.Reshape((*left, deep))(x)
    for level in reversed(range(halvings)):
        if level > halvings - 3:  # where the picture is still small
            x = _residual(x, "batch", layers.ReLU)
        x = _doubled(x, width * 2**level)
    return keras.Model(inputs, _pixels(x, channels), name="painter")


def refiner(
    first: keras.Model, image_shape: tuple[int, ...], text: Text, width: int = WIDTH
) -> keras.Model:
    """Builds the painter of stage II: tanh(arctanh(E) + change) for the enlarged picture E.

    The change is 0 before training.

    Args:
        first: the painter of stage I, which is not trained.
        image_shape: (H, W, C) of the larger images.
        text: a `kgan.networks.words.Text`.
        width: channels of the last hidden layer.

    Returns:
        A model {"z", "mean", "log_deviation", "first_mean", "first_log_deviation"} ->
        images.

    Raises:
        ValueError: the images are not twice as high and wide as those of stage I.
    """
    small_size = first.output.shape[1:3]
    if tuple(image_shape[:2]) != tuple(2 * side for side in small_size):
        raise ValueError(f"stage II doubles {small_size}; got {image_shape[:2]}")
    first.trainable = False
    start = first.input["z"].shape[-1]
    inputs = painter_inputs(start + text.augmented * text.condition, text)
    before = {
        name: keras.Input(one.shape[1:], name=f"first_{name}")
        for name, one in first.input.items()
        if name != "z"
    }
    image = first({"z": inputs["z"][:, :start]} | before, training=False)
    condition = drawn(inputs, inputs["z"][:, start:])
    x = layers.ReLU()(_conv(image, width, 3))
    for level in (1, 2):
        x = _conv(x, width * 2**level, 4, strides=2)
        x = layers.ReLU()(normalise(x, "batch"))
    x = layers.Concatenate()([x, tiled(condition, x)])
    x = layers.ReLU()(normalise(_conv(x, width * 4, 3), "batch"))
    for _ in range(2):
        x = _residual(x, "batch", layers.ReLU)
    for level in (2, 1):
        x = _doubled(x, width * 2**level)
    x = _doubled(layers.Concatenate()([x, image]), width)
    named = {f"first_{name}": one for name, one in before.items()}
    return keras.Model(inputs | named, _changed(image, x), name="painter")


def discriminator(
    image_shape: tuple[int, ...],
    condition: int,
    *,
    width: int = WIDTH,
    norm: str = "batch",
    spectral: bool = False,
    compared: bool = True,
    alone: bool = True,
) -> keras.Model:
    """Builds D: {"x": images, "condition": (n, c), "wrong": (n, c)} -> a dict of scores.

    "score" (n,) is that of the image and its condition, "wrong" (n,) that of the same
    image and another one's condition; "picture" and "text" are `directions`. All are read
    off the same features of the image.

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        condition: numbers in the condition.
        width: channels of the first layer; each later one doubles it.
        norm: "batch", "layer" or "none", after every hidden layer except the first.
        spectral: whether to divide every layer by its largest singular value.
        compared: whether it returns `directions`, for the contrastive loss.
        alone: whether it returns "alone", the score of the image without a caption.
    """
    halvings, left = levels(*image_shape[:2])
    dense, conv = factories(spectral, small)
    image = keras.Input(image_shape, name="x")
    x = image
    for level in range(halvings):
        x = conv(width * 2**level, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x if level == 0 else normalise(x, norm))
    deep = width * 2 ** (halvings - 1)
    x = _residual(x, norm, lambda: layers.LeakyReLU(0.2), conv)
    compress = dense(JOINED)
    join, score = conv(deep, 1), conv(1, left, dtype="float32")
    # One for both conditions: else D could score the wrong one low without reading it.
    normal = normaliser(norm)

    def head(given):
        both = join(layers.Concatenate()([x, given]))
        return score(layers.LeakyReLU(0.2)(normal(both)))

    def read(given):
        return layers.LeakyReLU(0.2)(compress(given))

    inputs, scores = conditioned_scores(image, x, condition, head, read)
    if alone:
        scores["alone"] = score_alone(x, conv)
    if compared:
        scores |= directions(x, inputs["condition"], dense)
    return keras.Model(inputs, scores, name="discriminator")


def _conv(x, filters, size, strides=1):
    return layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer=small(),
    )(x)


def _doubled(x, filters):
    x = _conv(layers.UpSampling2D()(x), filters, 3)
    return layers.ReLU()(normalise(x, "batch"))


def _residual(x, norm, activation, conv=None):
    """A bottleneck block: a quarter of the channels, then all of them, added to x."""
    channels = x.shape[-1]

    def layer(y, filters, size):
        own = conv and conv(filters, size, padding="same")
        return own(y) if own else _conv(y, filters, size)

    y = activation()(normalise(layer(x, channels // 4, 1), norm))
    y = activation()(normalise(layer(y, channels // 4, 3), norm))
    y = normalise(layer(y, channels, 3), norm)
    return activation()(layers.Add()([x, y]))


def _pixels(x, channels):
    return _of_pixels(x, channels, kernel_initializer=small(), activation="tanh")


def _changed(image, x):
    """The image at twice its side, as features of that size change it."""
    large = layers.UpSampling2D(interpolation="bilinear", dtype="float32")(image)
    change = _of_pixels(x, image.shape[-1], kernel_initializer="zeros")
    return ops.tanh(ops.arctanh(ROOM * large) + change)


def _of_pixels(x, channels, **settings):
    # float32: half precision would round the pixels.
    return layers.Conv2D(channels, 3, padding="same", dtype="float32", **settings)(x)
