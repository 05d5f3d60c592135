"""The controls of a trained game, such as the class to draw or the truncation of z.

A game lists them once, in `Game.controls()`. The flags of bin/sample_gan, the endpoints
of an exported generator, the scores of an evaluation and the checks of values are made
from that list. `checked` checks a value in Python; `guarded` checks it inside the graph
of an exported generator.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from kgan.controls.control import Change, Choice, Control, Range
from kgan.controls.of_data import Input, Text
from kgan.errors import UserError

__all__ = [
    "TRUNCATION",
    "Change",
    "Choice",
    "Control",
    "Input",
    "Range",
    "Text",
    "as_plain",
    "checked",
    "from_plain",
]

TRUNCATION = Range(
    "truncation", "keep z within this bound: less varied, more typical", 1e-3, math.inf
)


def as_plain(controls: Iterable[Control]) -> list[dict[str, Any]]:
    """Returns controls as a list that JSON can hold, from which `from_plain` makes them."""
    return [{"control": type(one).__name__} | one.plain() for one in controls]


def from_plain(plain: Iterable[dict[str, Any]]) -> tuple[Control, ...]:
    """Returns the tuple of controls of a list that `as_plain` made.

    Raises KeyError or TypeError for another list.
    """
    kinds = {kind.__name__: kind for kind in (Choice, Change, Range, Text, Input)}
    return tuple(
        kinds[one["control"]].of_plain({k: v for k, v in one.items() if k != "control"})
        for one in plain
    )


def checked(
    controls: Iterable[Control], values: dict[str, Any], n: int | None = None
) -> dict[str, Any]:
    """Returns the given values by name, each checked by its control; None is left out.

    Args:
        controls: of the game.
        values: name -> a value, or one for each sample.
        n: how many samples are asked for, if that is known. Data to start from tell it
            themselves.

    Raises:
        UserError: there is no such control, its value is out of range, there are values
            for another number of samples, or of the data that the game can start from
            not exactly one is given.
    """
    known = {control.name: control for control in controls}
    for name, value in values.items():
        if value is not None and name not in known:
            has = f"there are {', '.join(known)}" if known else "it has none"
            raise UserError(f"{name}={value}", f"this game has no such control; {has}")
    found = {k: known[k].checked(v) for k, v in values.items() if v is not None}
    inputs = [control.name for control in controls if isinstance(control, Input)]
    if inputs and len(found.keys() & inputs) != 1:
        raise UserError("generate", f"takes exactly one of {', '.join(inputs)}")
    count = len(next(found[name] for name in inputs if name in found)) if inputs else n
    for name, value in found.items():
        several = np.ndim(value) > len(known[name].spec.shape)
        if count is not None and several and len(value) != count:
            told = f"has {len(value)} values for {count} samples"
            raise known[name].wrong(value, told)
    return found
