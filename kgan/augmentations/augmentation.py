"""The base class of the augmentations."""

from typing import TYPE_CHECKING, Any

import keras

from kgan.typing import Seed, Tensor, Tensors

if TYPE_CHECKING:
    from kgan.objectives import Objective

register: Any = keras.saving.register_keras_serializable("kgan")


class Augmentation(keras.layers.Layer):
    """Base class of the augmentations; it returns the data unchanged.

    `call(x, iteration, seed)` takes data (n, ...) as D takes them, the game's iteration
    counter and a seed, int32 (2,); it returns data of the same shape. Images that D
    scores together, packed as channels, are changed as one; `pack`, which the game sets,
    is how many they are.
    """

    pack: int = 1

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"trainable": False, "dtype": "float32"} | kwargs))
        self.built = True

    def check(self, objective: "Objective") -> None:
        """Raises UserError if it cannot be used with the objective of a game."""

    def call(self, x: Tensor, iteration: Tensor, seed: Seed) -> Tensor:
        return x

    def observe(self, accuracy: Tensors) -> None:
        """Sees where D was right in an ascent: what `Objective.accuracy` returned."""

    def update(self, played: Any) -> None:
        """Updates its variables after an iteration; `played` is the last `Round`."""

    def readings(self) -> Tensors:
        """Returns what the logs show of it after an iteration: name -> scalar tensor."""
        return {}
