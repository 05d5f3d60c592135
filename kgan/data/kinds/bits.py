"""The kind of rows of bits."""

from keras import ops

from kgan.data.kinds.kind import Kind
from kgan.typing import Tensor


class Bits(Kind):
    """Bits, stored as uint8 (d,), 0 or 1; networks take -1 and 1, return any number."""

    name = "bits"
    plural = "rows"
    dtypes = ("uint8",)
    rank = 1
    bounded = True

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts 0 and 1 to float32 -1 and 1."""
        return ops.cast(stored, "float32") * 2.0 - 1.0

    def from_network(self, x: Tensor) -> Tensor:
        """Converts numbers to bits: 1 where a number is above 0, else 0."""
        return ops.cast(x > 0, "uint8")

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"rows of {shape[0]} bits"
