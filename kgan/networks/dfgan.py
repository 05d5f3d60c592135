"""Networks of DF-GAN (Tao 2022): pictures from captions in one stage.

In G, each convolution follows two affine changes of its input, whose scale and shift per
channel are computed from z and the caption. D has no normalisation; its blocks begin
as plain shortcuts.
"""

import keras
from keras import layers, ops

from kgan.networks.blocks import factories, levels, normalise
from kgan.networks.conditions import (
    conditioned_scores,
    directions,
    drawn,
    joined,
    painter_inputs,
    score_alone,
)
from kgan.networks.sides import CONVOLUTIONAL
from kgan.networks.words import Text, encoder
from kgan.typing import Tensor

SIDES = CONVOLUTIONAL
WIDTH = 24
HIDDEN = 128  # units of the dense layer that computes scales and shifts
MOST = 8  # times the width, of the deepest layer


def generator(
    noise: int, image_shape: tuple[int, ...], text: Text, *, width: int = WIDTH
) -> keras.Model:
    """Builds G: {"z": (n, d), "caption": int32 (n, L)} -> images (n, H, W, C) in [-1, 1].

    It is made of two models, its layers "encoder" and "painter"; d is `noise`, and the
    numbers of an augmented condition.

    Args:
        noise: numbers in z that are not the condition's.
        image_shape: (H, W, C), H and W of `SIDES`.
        text: a `kgan.networks.words.Text`.
        width: channels of the last block; each earlier one doubles it, up to 8 times.
    """
    *size, channels = image_shape
    halvings, left = levels(*size)
    inputs = painter_inputs(noise + text.augmented * text.condition, text)
    z, condition = inputs["z"][:, :noise], drawn(inputs, inputs["z"][:, noise:])
    both = layers.Concatenate()([z, condition])
    deep = width * min(MOST, 2**halvings)
    x = layers.Dense(left[0] * left[1] * deep)(z)
    x = _up(layers.Reshape((*left, deep))(x), both, deep)
    for level in reversed(range(halvings)):
        x = _up(layers.UpSampling2D()(x), both, width * min(MOST, 2**level))
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32")(
        layers.LeakyReLU(0.2)(x)
    )
    return joined(encoder(text), keras.Model(inputs, x, name="painter"))


def discriminator(
    image_shape: tuple[int, ...],
    condition: int,
    *,
    width: int = WIDTH,
    norm: str = "none",
    spectral: bool = False,
    compared: bool = True,
    alone: bool = True,
) -> keras.Model:
    """Builds D: {"x": images, "condition": (n, c), "wrong": (n, c)} -> a dict of scores.

    See `kgan.networks.stackgan.discriminator`.

    Args:
        image_shape: (H, W, C), H and W of `SIDES`.
        condition: numbers in the condition.
        width: channels of the first layer; each later one doubles it, up to 8 times.
        norm: "batch", "layer" or "none", after the convolutions of each block.
        spectral: whether to divide every layer by its largest singular value.
        compared: whether it returns `directions`, for the contrastive loss.
        alone: whether it returns "alone", the score of the image without a caption.
    """
    halvings, left = levels(*image_shape[:2])
    dense, conv = factories(spectral)
    image = keras.Input(image_shape, name="x")
    x = conv(width, 3, padding="same")(image)
    for level in range(1, halvings + 1):
        x = _down(x, width * min(MOST, 2**level), conv, norm)
    join = conv(2 * width, 3, padding="same")
    score = conv(1, left, dtype="float32")

    def head(given):
        both = layers.LeakyReLU(0.2)(join(layers.Concatenate()([x, given])))
        return score(both)

    inputs, scores = conditioned_scores(image, x, condition, head, lambda given: given)
    if alone:
        scores["alone"] = score_alone(x, conv)
    if compared:
        scores |= directions(x, inputs["condition"], dense)
    return keras.Model(inputs, scores, name="discriminator")


def _up(x: Tensor, condition: Tensor, channels: int) -> Tensor:
    """A residual block of G; the affine changes and what follows them, twice."""
    y = x
    for _ in range(2):
        for _ in range(2):
            y = layers.LeakyReLU(0.2)(_affine(y, condition))
        y = layers.Conv2D(channels, 3, padding="same")(y)
    if x.shape[-1] != channels:
        x = layers.Conv2D(channels, 1)(x)
    return layers.Add()([x, y])


def _affine(x: Tensor, condition: Tensor) -> Tensor:
    """Returns x with a scale and a shift per channel, which begin as 1 and 0."""
    changed = []
    for start in ("ones", "zeros"):
        hidden = layers.Dense(HIDDEN, "relu")(condition)
        one = layers.Dense(
            x.shape[-1], kernel_initializer="zeros", bias_initializer=start
        )(hidden)
        changed.append(one[:, None, None, :])
    scale, shift = changed
    return x * scale + shift


def _down(x: Tensor, channels: int, conv, norm: str) -> Tensor:
    """A residual block of D, which halves; its inner path begins as 0."""
    y = conv(channels, 4, strides=2, padding="same")(x)
    y = conv(channels, 3, padding="same")(layers.LeakyReLU(0.2)(normalise(y, norm)))
    y = layers.LeakyReLU(0.2)(normalise(y, norm))
    if x.shape[-1] != channels:
        x = conv(channels, 1)(x)
    return layers.Add()([layers.AveragePooling2D(2)(x), Gain()(y)])


@keras.saving.register_keras_serializable("kgan")
class Gain(layers.Layer):
    """Multiplies its input by one number that is learnt, and begins as 0."""

    def build(self, input_shape) -> None:
        self.gain = self.add_weight(shape=(), initializer="zeros", name="gain")

    def call(self, x: Tensor) -> Tensor:
        return ops.cast(self.gain, x.dtype) * x
