"""A layer that moves and resizes a picture, anew in each frame."""

import keras
from keras import layers, ops

from kgan.typing import Tensor

ZOOM = 0.5  # the largest change of the size, as a logarithm: by a factor of 1.65


@keras.saving.register_keras_serializable("kgan")
class Placed(layers.Layer):
    """Places a picture, or a feature map, in each frame of a clip.

    It takes a list of two tensors: maps (n, H, W, C), and places (n, T, 4) in [-1, 1].
    These are how far the map moves down and to the right, as a share of its sides, and
    how much smaller its rows and columns become, as a share of `ZOOM`; 0 leaves all as it
    is. It interpolates linearly, and goes on with the borders where a map ends. It returns
    float32 (n, T, H, W, C).
    """

    def __init__(self, **kwargs) -> None:
        # Half precision has no room for a place between two of many rows.
        super().__init__(**({"dtype": "float32"} | kwargs))

    def call(self, inputs: list[Tensor]) -> Tensor:
        maps, places = inputs
        down, right, lower, narrower = ops.unstack(places, axis=-1)
        rows = _shares(maps.shape[1], down, lower)
        columns = _shares(maps.shape[2], right, narrower)
        return ops.einsum("ntyi,nijc,ntxj->ntyxc", rows, maps, columns)

    def compute_output_shape(
        self, shapes: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        (n, *size), (_, frames, _) = shapes
        return n, frames, *size


def _shares(size, moved, smaller):
    """How much of each row of a map lies in each row of a frame, (n, T, size, size)."""
    own = ops.arange(size, dtype="float32") - (size - 1) / 2
    read = own * ops.exp(ZOOM * smaller)[..., None] - moved[..., None] * size
    read = ops.clip(read, own[0], own[-1])
    return ops.relu(1 - ops.abs(read[..., None] - own))
