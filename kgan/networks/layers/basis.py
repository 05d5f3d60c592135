"""The layers of R3GAN between a vector and a small feature map."""

from typing import Any

import keras
from keras import layers, ops

from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class GenerativeBasis(layers.Layer):
    """Turns each number into a multiple of a learned map (Huang 2024, appendix).

    (n, c) -> (n, h, w, c): map c, which begins as N(0, 1) noise, times number c.

    Args:
        height, width: of the maps.
    """

    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height, self.width = height, width

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.basis = self.add_weight(
            shape=(self.height, self.width, input_shape[-1]),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="basis",
        )

    def call(self, x: Tensor) -> Tensor:
        return x[:, None, None, :] * ops.cast(self.basis, x.dtype)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (input_shape[0], self.height, self.width, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"height": self.height, "width": self.width}


@keras.saving.register_keras_serializable("kgan")
class DiscriminativeBasis(layers.Layer):
    """Sums each channel over all pixels with learned weights (Huang 2024, appendix).

    (n, h, w, c) -> (n, c): a depthwise convolution whose kernel is as large as the map.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        sizes: Any = input_shape[1:]
        height, width, channels = sizes
        self.basis = self.add_weight(
            shape=(height, width, channels),
            initializer=keras.initializers.RandomNormal(
                stddev=(height * width) ** -0.5
            ),
            name="basis",
        )

    def call(self, x: Tensor) -> Tensor:
        return ops.sum(x * ops.cast(self.basis, x.dtype), axis=(1, 2))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[-1])
