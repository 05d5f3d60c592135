"""Padding by reflection."""

from typing import Any

import keras
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Reflect(layers.Layer):
    """Adds a border that mirrors the image without repeating its edge.

    Args:
        width: of the border, in pixels.
    """

    def __init__(self, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width = width

    def call(self, x: Tensor) -> Tensor:
        border = (self.width, self.width)
        return ops.pad(x, ((0, 0), border, border, (0, 0)), "reflect")

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"width": self.width}
