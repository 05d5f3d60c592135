"""Transforms that each change an image with a probability (Karras 2020)."""

from collections.abc import Iterable
from typing import Any, Self

import tensorflow as tf
from keras import ops

from kgan.augmentations import transforms
from kgan.augmentations.augmentation import Augmentation, register
from kgan.augmentations.transforms import each
from kgan.errors import UserError, nearest
from kgan.randomness import integers, normal, split, uniform
from kgan.schedules import Schedule, deserialized, scheduled, serialized
from kgan.typing import Number, Seed, Tensor


@register
class RandomTransforms(Augmentation):
    """Applies each of some transforms to an image with probability p (Karras 2020, B.1).

    They are drawn for each image and each other, in this order: "mirror" (half of the
    time), "turn" (by 0 to 3 quarters), "shift" (by up to an eighth of each side, in whole
    pixels), "brightness" + N(0, .2), "contrast" times 2^N(0, .5), "cutout" (half of each
    side). From p = .8 on G begins to draw what they make: the paper's section 2.2.

    The paper also scales and turns by any angle, which XLA cannot compile, and changes
    colours.

    Args:
        p: the probability, a number or a `Schedule`.
        names: of the transforms to apply.
    """

    def __init__(
        self, p: float | Schedule, names: Iterable[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.probability = p
        self.names = tuple(TRANSFORMS if names is None else names)
        for name in self.names:
            if name not in TRANSFORMS:
                known = ", ".join(TRANSFORMS)
                raise UserError(
                    f"names={name}",
                    f"no such transform{nearest(name, TRANSFORMS)}",
                    f"there are {known}",
                )

    def strength(self, iteration: Tensor) -> Number:
        """Returns p at an iteration."""
        return scheduled(self.probability, iteration)

    def call(self, x: Tensor, iteration: Tensor, seed: Seed) -> Tensor:
        p, n = self.strength(iteration), ops.shape(x)[0]
        seeds = split(seed, len(TRANSFORMS))
        for (name, transform), one in zip(TRANSFORMS.items(), seeds, strict=True):
            if name in self.names:
                gate, drawn = split(one, 2)
                x = transform(x, uniform((n,), gate) < p, drawn)
        return x

    def get_config(self) -> dict[str, Any]:
        p = serialized(self.probability)
        return super().get_config() | {"p": p, "names": list(self.names)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**(config | {"p": deserialized(config["p"])}))


def _mirror(x, gate, seed):
    return transforms.mirrored(x, gate & (uniform(ops.shape(gate), seed) < 0.5))


def _turn(x, gate, seed):
    quarters = integers(ops.shape(gate), seed, 4)
    return transforms.turned(x, tf.where(gate, quarters, 0))


def _shift(x, gate, seed):
    parts = [
        tf.where(gate, uniform(ops.shape(gate), one, -side / 8, side / 8), 0.0)
        for one, side in zip(split(seed, 2), x.shape[1:3], strict=True)
    ]
    return transforms.shifted(x, *(tf.cast(tf.round(part), tf.int32) for part in parts))


def _brightness(x, gate, seed):
    return x + each(tf.where(gate, 0.2 * normal(ops.shape(gate), seed), 0.0))


def _contrast(x, gate, seed):
    stops = tf.where(gate, 0.5 * normal(ops.shape(gate), seed), 0.0)
    return x * each(ops.power(2.0, stops))


def _cutout(x, gate, seed):
    # Its centre lies anywhere in the image.
    row, column = (
        tf.round(uniform(ops.shape(gate), one, -side / 4, 3 * side / 4))
        for one, side in zip(split(seed, 2), x.shape[1:3], strict=True)
    )
    return transforms.cut_out(x, row, column, tf.where(gate, 0.5, 0.0))


TRANSFORMS = {
    "mirror": _mirror,
    "turn": _turn,
    "shift": _shift,
    "brightness": _brightness,
    "contrast": _contrast,
    "cutout": _cutout,
}
