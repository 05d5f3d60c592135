"""The kind of rows of numbers."""

from kgan.data.kinds.kind import Kind


class Vector(Kind):
    """Rows of numbers, stored as float32 (d,); networks take them as they are."""

    name = "vector"
    plural = "vectors"
    rank = 1

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"vectors of {shape[0]} numbers"
