"""The kind of attributes: what is known of an example, such as mouth, hair and skin."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kgan.data.kinds.kind import Kind
from kgan.errors import UserError


class Attributes(Kind):
    """Attributes, stored as int32 (A,): the number of an option of each.

    Args:
        options: name of an attribute -> the names of its options, in their order.

    Example:
        kind = Attributes({"mouth": ("smile", "smirk"), "glasses": ("none", "round")})
        kind.names  # ("mouth", "glasses")
        kind.sizes  # (2, 2)
    """

    name = "attributes"
    plural = "attributes"
    dtypes = ("int32",)
    rank = 1

    def __init__(self, options: Mapping[str, Sequence[Any]] | None = None) -> None:
        self.options = {
            str(name): tuple(map(str, several))
            for name, several in (options or {}).items()
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the attributes."""
        return tuple(self.options)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many options each attribute has."""
        return tuple(map(len, self.options.values()))

    def plain(self) -> dict[str, Any]:
        if not self.options:
            return {}
        return {"options": {name: [*several] for name, several in self.options.items()}}

    def check(self, name: str, array: np.ndarray) -> None:
        super().check(name, array)
        sizes = self.sizes
        if array.shape[1:] != (len(sizes),):
            raise UserError(
                name, f"has {array.shape[1]} numbers in a row for {len(sizes)} names"
            )
        if array.size and ((array < 0) | (array >= np.array(sizes))).any():
            raise UserError(name, f"a number is no option of {', '.join(self.names)}")

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"attributes {', '.join(self.names)}"
