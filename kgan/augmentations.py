"""Augmentations of everything that the discriminator sees, real and generated alike.

An augmentation is called with the data, the iteration and a seed inside the compiled
step. It may own variables, which are saved with the game, and change them in `update`
after each iteration. It must treat real and generated data alike, or G learns to undo
it.

Example:
    noise = kgan.augmentations.InstanceNoise(kgan.schedules.Schedule(0.2, steps=1000))
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8),
        mlp.discriminator((8, 8, 1), width=8),
        augmentations=[noise],
    )
"""

from typing import Any, Self

import keras

from kgan.randomness import normal
from kgan.schedules import Schedule, scheduled
from kgan.typing import Seed, Tensor

register: Any = keras.saving.register_keras_serializable("kgan")


class Augmentation(keras.layers.Layer):
    """Base class of the augmentations; it returns the data unchanged.

    `call(x, iteration, seed)` takes data (n, ...) as D takes them, the game's iteration
    counter and a seed, int32 (2,); it returns data of the same shape.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"trainable": False, "dtype": "float32"} | kwargs))
        self.built = True

    def call(self, x: Tensor, iteration: Tensor, seed: Seed) -> Tensor:
        return x

    def update(self, played: Any) -> None:
        """Updates its variables after an iteration; `played` is the last `Round`."""


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
        deviation = keras.saving.serialize_keras_object(self.deviation)
        return super().get_config() | {"deviation": deviation}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        config["deviation"] = keras.saving.deserialize_keras_object(config["deviation"])
        return cls(**config)
