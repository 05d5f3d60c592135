"""The kind of class labels."""

from collections.abc import Sequence
from typing import Any

from kgan.data.kinds.kind import Kind


class Label(Kind):
    """Class labels, stored as int32 (): an index into the names of the classes.

    Args:
        sizes: where classes are combinations of attributes, how many options each of
            them has; the last one counts fastest. () for plain classes.
    """

    name = "label"
    plural = "labels"
    dtypes = ("int32",)
    rank = 0

    def __init__(self, sizes: Sequence[int] = ()) -> None:
        self.sizes = tuple(map(int, sizes))

    def plain(self) -> dict[str, Any]:
        return {"sizes": [*self.sizes]} if self.sizes else {}
