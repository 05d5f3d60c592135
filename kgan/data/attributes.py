"""Attributes of examples, such as the colour of a digit or the hair of a face."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from kgan.errors import UserError, few, nearest

JOINED = "/"  # between the names of the options of a combination


class Attribute(NamedTuple):
    """An attribute of every example of a data set.

    Attributes:
        options: the names of what it can be.
        values: the number of the option of each example, int32 (n,).
    """

    options: tuple[Any, ...]
    values: np.ndarray

    @classmethod
    def of(cls, texts: Iterable[str], options: Iterable[str] = ()) -> "Attribute":
        """Returns the attribute of examples with these texts, one each.

        Args:
            texts: the name of the option of each example.
            options: all names in their order; those of the texts, sorted, by default.
        """
        texts = [*texts]
        names = tuple(options) or tuple(sorted(set(texts)))
        numbers = {name: number for number, name in enumerate(names)}
        return cls(names, np.array([numbers[text] for text in texts], np.int32))


def chosen(
    attributes: Mapping[str, Any], names: Iterable[str], field: str = "condition"
) -> dict[str, Any]:
    """Returns the attributes of these names, in the order of the names.

    Args:
        attributes: those that there are.
        names: of the ones that are asked for.
        field: that named them, for the message.

    Raises:
        UserError: there is no such attribute (names the nearest), or it is named twice.
    """
    names, found = tuple(names), {}
    for name in names:
        if name not in attributes:
            there = few(attributes, 20) or "none"
            raise UserError(
                f"{field}={name}",
                f"the data have no such attribute{nearest(name, attributes)}",
                f"there are {there}",
            )
        found[name] = attributes[name]
    if len(found) < len(names):
        raise UserError(f"{field}={','.join(names)}", "names an attribute twice")
    return found


def combinations(attributes: Mapping[str, Any]) -> np.ndarray:
    """Returns the number of the combination of each example, int64 (n,).

    The last attribute counts fastest: with `options` of 10 and 7 names, (d, f) has the
    number 7 d + f.
    """
    sizes = [len(one.options) for one in attributes.values()]
    values = [one.values for one in attributes.values()]
    return np.asarray(np.ravel_multi_index(tuple(values), sizes), np.int64)


def combination_names(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the names of all combinations, such as "t-shirt/blue", by their numbers."""
    names = [""]
    for number, one in enumerate(attributes.values()):
        joint = JOINED if number else ""
        names = [f"{name}{joint}{option}" for name in names for option in one.options]
    return tuple(names)
