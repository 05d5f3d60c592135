"""Fields of a configuration: each carries its help, its range and its choices.

Flags, `--help`, docs/config.md and the check of a configuration are made from them.
"""

import dataclasses
import functools
import typing
from typing import Any, NamedTuple

from kgan.errors import UserError, nearest
from kgan.sizes import TOLD, Size

KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple: "values joined by commas, such as 10 or 10,10",
    Size: f"a {TOLD}",
}


class Option(NamedTuple):
    """A field of a configuration, and what is known about it.

    Attributes:
        name, kind, default: of the field; `kind` is a key of `KINDS`.
        help: what it means.
        least, most: the bounds of a number; None is no bound.
        choices: the texts that it may be; () is any.
        several: whether it may be several of the choices, joined by "+".
        idle_with: another field and the value of that with which this one has no
            effect, such as ("penalty", "none"), or several such pairs; () is none.
    """

    name: str
    kind: type[Any]
    default: Any
    help: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[Any, ...] = ()
    several: bool = False
    idle_with: tuple[Any, ...] = ()

    @property
    def idle(self) -> tuple[tuple[str, Any], ...]:
        """The pairs of `idle_with`: any of them takes the field its effect."""
        one = self.idle_with and isinstance(self.idle_with[0], str)
        return (self.idle_with,) if one else self.idle_with  # pyright: ignore

    @property
    def allowed(self) -> str:
        """The range or the choices in words, "" where there is no limit."""
        if self.choices:
            more = "; several joined by +" if self.several else ""
            return f"{', '.join(self.choices)}{more}"
        if self.kind is Size:
            return f"{KINDS[Size]}, {self._range}".removesuffix(", ")
        return self._range or KINDS[self.kind]

    @property
    def _range(self):
        low, high = (_bound(one) for one in (self.least, self.most))
        if low and high:
            return f"between {low} and {high}"
        return f"at least {low}" if low else f"at most {high}" if high else ""

    def check(self, value: Any) -> Any:
        """Returns the value as a configuration holds it.

        Raises:
            UserError: it is of another type, or not allowed.
        """
        if self.kind is Size:
            value = self._as_size(value)
        elif not self._fits(value):
            raise UserError(f"{self.name}={value!r}", f"expected {KINDS[self.kind]}")
        if self.choices:
            self._check_choice(value)
        numbers = value if self.kind is Size else (value,)
        above = self.least is None or all(one >= self.least for one in numbers)
        below = self.most is None or all(one <= self.most for one in numbers)
        if not (above and below):
            verb = "be" if None in (self.least, self.most) else "lie"
            raise UserError(f"{self.name}={value}", f"must {verb} {self._range}")
        return value

    def _as_size(self, value):
        try:
            return Size.of(value)
        except ValueError:
            raise UserError(f"{self.name}={value}", f"expected {KINDS[Size]}") from None

    def _fits(self, value):
        if self.kind is float:
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        return type(value) is self.kind

    def _check_choice(self, value):
        names = value.split("+") if self.several and value != "none" else [value]
        known = [name for name in self.choices if len(names) == 1 or name != "none"]
        for name in names:
            if name not in known:
                raise UserError(
                    f"{self.name}={name}",
                    f"unknown{nearest(name, known)}",
                    f"there are {', '.join(known)}",
                )
        if len(set(names)) < len(names):
            raise UserError(f"{self.name}={value}", "names one twice")


def _bound(value):
    return "" if value is None else f"{value:,.12g}"


def option(default: Any, help: str, **limits: Any) -> Any:
    """Returns a field of a configuration's dataclass.

    Args:
        default: of this class; a subclass that sets another one keeps the rest.
        help: what the field means.
        limits: any of least, most, choices, several and idle_with, as `Option` has them.

    Example:
        batch_size: int = option(100, "real images in one round", least=1, most=65_536)
    """
    return dataclasses.field(
        default=default, metadata={"option": limits | {"help": help}}
    )


def weight(default: Any, help: str, **limits: Any) -> Any:
    """Returns an `option` for the weight of a term, 0 to a million."""
    return option(default, help, least=0.0, most=1e6, **limits)


def names_in(text: str) -> tuple[str, ...]:
    """Returns the names that a field holds, joined by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


@functools.cache
def options(config_class: type[Any]) -> dict[str, Option]:
    """All options of a configuration's dataclass: name -> `Option`."""
    found = {}
    for field in dataclasses.fields(config_class):
        owner, limits = _limits(config_class, field.name)
        hint = typing.get_type_hints(owner)[field.name]
        kind = typing.get_origin(hint) or hint
        if kind in KINDS:
            found[field.name] = Option(field.name, kind, field.default, **limits)
    return found


def _limits(config_class, name):
    """Returns the nearest class that sets limits of a field, and the limits.

    The type is that of this class: one that derives from it sets another default.
    """
    for one in config_class.__mro__:
        field = vars(one).get("__dataclass_fields__", {}).get(name)
        if field is not None and "option" in field.metadata:
            return one, field.metadata["option"]
    return config_class, {}


def check(config: Any) -> None:
    """Checks every field of a configuration, and makes a `Size` of what means one.

    Raises:
        UserError: a value of another type, outside its range, or without effect.
    """
    known = options(type(config))
    for one in known.values():
        checked = one.check(getattr(config, one.name))
        object.__setattr__(config, one.name, checked)  # the class is frozen
    for one in known.values():
        if getattr(config, one.name) == one.default:
            continue
        for other, idle in one.idle:
            if getattr(config, other) == idle:
                raise UserError(
                    f"{one.name}={getattr(config, one.name)}",
                    f"has no effect with `{other}={idle}`",
                    f"leave it out, or set `{other}`",
                )
