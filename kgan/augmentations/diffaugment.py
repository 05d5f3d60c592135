"""Differentiable augmentation (Zhao 2020)."""

from typing import Any

import tensorflow as tf
from keras import ops

from kgan.augmentations.augmentation import Augmentation, register
from kgan.augmentations.transforms import cut_out, each, shifted
from kgan.randomness import integers, split, uniform
from kgan.typing import Seed, Tensor


@register
class DiffAugment(Augmentation):
    """Changes every image that D sees, by numbers drawn anew (Zhao 2020, section 3.3).

    It is for few images: with all of FFHQ the paper found it to harm.

    Args:
        color: brightness + U(-.5, .5), saturation times U(0, 2) for three channels, and
            contrast times U(.5, 1.5).
        translation: a shift by up to an eighth of each side, in whole pixels.
        cutout: a rectangle of half of each side, centred anywhere, becomes 0.
    """

    def __init__(
        self,
        color: bool = True,
        translation: bool = True,
        cutout: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.color, self.translation, self.cutout = color, translation, cutout

    def call(self, x: Tensor, iteration: Tensor, seed: Seed) -> Tensor:
        of_color, of_translation, of_cutout = split(seed, 3)
        if self.color:
            x = _color(x, of_color, self.pack)
        if self.translation:
            x = _translation(x, of_translation)
        return _cutout(x, of_cutout) if self.cutout else x

    def get_config(self) -> dict[str, Any]:
        names = ("color", "translation", "cutout")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _color(x, seed, pack):
    n = ops.shape(x)[0]
    light, saturation, contrast = (uniform((n,), one) for one in split(seed, 3))
    x = x + each(light - 0.5)
    if x.shape[-1] == 3 * pack:
        parts = tf.split(x, pack, -1)
        grey = [tf.reduce_mean(part, -1, keepdims=True) for part in parts]
        grey = tf.concat([tf.repeat(one, 3, -1) for one in grey], -1)
        x = grey + each(2.0 * saturation) * (x - grey)
    mean = tf.reduce_mean(x, (1, 2, 3), keepdims=True)
    return mean + each(contrast + 0.5) * (x - mean)


def _translation(x, seed):
    n = ops.shape(x)[0]
    most = [int(side / 8 + 0.5) for side in x.shape[1:3]]
    down, right = (
        integers((n,), one, 2 * far + 1) - far
        for one, far in zip(split(seed, 2), most, strict=True)
    )
    return shifted(x, down, right)


def _cutout(x, seed):
    n = ops.shape(x)[0]
    sizes = [int(side / 2 + 0.5) for side in x.shape[1:3]]
    row, column = (
        tf.cast(integers((n,), one, side + 1 - size % 2) - size // 2, tf.float32)
        for one, side, size in zip(split(seed, 2), x.shape[1:3], sizes, strict=True)
    )
    return cut_out(x, row, column, tf.fill((n,), 0.5))
