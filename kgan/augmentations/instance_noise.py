"""Noise on everything that D sees (Sonderby 2017)."""

from typing import Any, Self

import keras

from kgan.augmentations.augmentation import Augmentation, register
from kgan.randomness import normal
from kgan.schedules import Schedule, deserialized, scheduled, serialized
from kgan.typing import Seed, Tensor


@register
class InstanceNoise(Augmentation):
    """Adds normal noise, which smooths both distributions (Sonderby 2017, section 3).

    Args:
        deviation: the standard deviation, a number or a `Schedule`.
    """

    def __init__(self, deviation: float | Schedule, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.deviation = deviation

    def call(self, x: Tensor, iteration: Tensor, seed: Seed) -> Tensor:
        noise = normal(keras.ops.shape(x), seed)
        return x + scheduled(self.deviation, iteration) * noise

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"deviation": serialized(self.deviation)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**(config | {"deviation": deserialized(config["deviation"])}))
