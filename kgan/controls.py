"""The controls of a trained game, such as the class to draw or the truncation of z.

A game lists them once, in `Game.controls()`. The flags of bin/sample_gan, the endpoints
of an exported generator, the scores of an evaluation and the checks of values are made
from that list. `checked` checks a value in Python; `guarded` checks it inside the graph
of an exported generator.
"""

import dataclasses
import math
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, Self

import numpy as np
import tensorflow as tf

from kgan.data import Field
from kgan.data.kinds.tokens import PADDING, UNKNOWN
from kgan.errors import UserError, few, nearest
from kgan.typing import Tensor

MENTIONED = 20  # names of options in a message


@dataclasses.dataclass(frozen=True)
class Control:
    """Base class of the controls.

    Attributes:
        name: the keyword of `Game.generate`.
        help: what it does, in a line.
    """

    name: str
    help: str = ""

    spec: ClassVar[Any] = None  # tf.TensorSpec of its value in an exported generator

    def plain(self) -> dict[str, Any]:
        """Returns the attributes as a dict that JSON can hold."""
        return {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Self:
        """Returns the control of a dict that `plain` made."""
        return cls(**values)

    def checked(self, value: Any) -> Any:
        """Returns the value as a game takes it; raises UserError for a wrong one."""
        raise NotImplementedError

    def parsed(self, text: str) -> Any:
        """Returns the value that a text names; raises UserError if it names none."""
        raise NotImplementedError

    def guarded(self, value: Tensor) -> Tensor:
        """Returns the tensor `value` with a check that is part of the graph."""
        raise NotImplementedError

    def as_input(self, value: Tensor) -> Tensor:
        """Returns values (n, ...) as the generator takes them, in the graph."""
        return value

    @property
    def allowed(self) -> str:
        """The values that it takes, in words, such as "0 to 9"."""
        raise NotImplementedError

    def wrong(self, value: Any, problem: str) -> UserError:
        """Returns the UserError for a value that the control does not take."""
        return UserError(f"{self.name}={value}", problem)


@dataclasses.dataclass(frozen=True)
class Choice(Control):
    """A control that takes one of several options, by number or by name.

    Attributes:
        options: the names, in the order of their numbers.
    """

    options: tuple[Any, ...] = ()

    spec = tf.TensorSpec((), tf.int32)

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Self:
        values = values | {"options": tuple(values["options"])}
        return cls(**values)

    def checked(self, value: Any) -> np.ndarray:
        """Returns int32 numbers for a number, a name, or a sequence of either."""
        if isinstance(value, str):
            return self.parsed(value)
        if np.ndim(value) and not tf.is_tensor(value):
            return np.array([self.checked(one) for one in value], np.int32)
        numbers = np.asarray(value)
        whole = np.issubdtype(numbers.dtype, np.integer)
        if not whole or (numbers < 0).any() or (numbers >= len(self.options)).any():
            raise self.wrong(value, f"takes {self.allowed}")
        return numbers.astype(np.int32)

    def parsed(self, text: str) -> Any:
        text = text.strip()
        if text in self.options:  # a name first: a class may be called "7"
            return np.int32(self.options.index(text))
        if text.isdigit() and int(text) < len(self.options):
            return np.int32(text)
        raise self.wrong(text, f"takes {self.allowed}{nearest(text, self.options)}")

    def guarded(self, value: Tensor) -> Tensor:
        last = len(self.options) - 1
        message = f"{self.name} must lie between 0 and {last}"
        low = tf.debugging.assert_greater_equal(value, 0, message)
        high = tf.debugging.assert_less_equal(value, last, message)
        with tf.control_dependencies([one for one in (low, high) if one is not None]):
            return tf.identity(value)

    @property
    def allowed(self) -> str:
        numbers = f"0 to {len(self.options) - 1}"
        if self.options == tuple(map(str, range(len(self.options)))):
            return numbers
        return f"{numbers}: {few(self.options, MENTIONED)}"


@dataclasses.dataclass(frozen=True)
class Range(Control):
    """A control that takes one or several numbers between two bounds.

    Attributes:
        low, high: the bounds; both are allowed values.
        n: how many numbers, (n,); 0 is a scalar.
    """

    low: float = -1.0
    high: float = 1.0
    n: int = 0

    @property
    def spec(self) -> tf.TensorSpec:
        """The type of the value in an exported generator."""
        return tf.TensorSpec((self.n,) if self.n else (), tf.float32)

    def plain(self) -> dict[str, Any]:  # JSON has no infinity
        return super().plain() | {"high": None if math.isinf(self.high) else self.high}

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Self:
        high = math.inf if values["high"] is None else values["high"]
        values = values | {"high": high}
        return cls(**values)

    def checked(self, value: Any) -> np.ndarray:
        numbers = np.asarray(value, np.float32)
        if self.n and numbers.shape[-1:] != (self.n,):
            raise self.wrong(value, f"takes {self.allowed}, joined by commas")
        inside = (numbers >= self.low) & (numbers <= self.high)
        if not (np.isfinite(numbers) & inside).all():
            raise self.wrong(value, f"takes {self.allowed}")
        return numbers

    def parsed(self, text: str) -> Any:
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            raise self.wrong(text, "is no number") from None
        if not self.n and len(numbers) > 1:
            raise self.wrong(text, f"takes {self.allowed}")
        try:
            return self.checked(numbers if self.n else numbers[0])
        except UserError as error:
            raise self.wrong(text, error.problem) from None

    def guarded(self, value: Tensor) -> Tensor:
        message = f"{self.name} takes {self.allowed}"
        inside = tf.reduce_all((value >= self.low) & (value <= self.high))
        with tf.control_dependencies([tf.debugging.Assert(inside, [message, value])]):
            return tf.identity(value)

    @property
    def allowed(self) -> str:
        count = f"{self.n} numbers" if self.n > 1 else "a number"
        if math.isinf(self.high):
            return f"{count} from {self.low:g} on"
        return f"{count} between {self.low:g} and {self.high:g}"


@dataclasses.dataclass(frozen=True)
class _OfField(Control):
    """Base class of the controls that take data of a field.

    Attributes:
        field: the `kgan.data.Field` that says how the data are stored.
    """

    field: Field = None  # pyright: ignore[reportAssignmentType] always given

    def plain(self) -> dict[str, Any]:
        return super().plain() | {"field": self.field.plain()}

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Self:
        values = values | {"field": Field.from_plain(values["field"])}
        return cls(**values)


@dataclasses.dataclass(frozen=True)
class Text(_OfField):
    """A control that takes a caption, made of words that the run knows.

    The `kind` of its field is a `kgan.data.kinds.Tokens`.
    """

    spec = tf.TensorSpec((), tf.string)

    def checked(self, value: Any) -> np.ndarray:
        """Returns a text, or a sequence of texts, as an array of texts."""
        if np.ndim(value):
            return np.array([self.parsed(one) for one in value])
        return np.array(self.parsed(value))

    def parsed(self, text: str) -> str:
        if not isinstance(text, str):
            raise self.wrong(text, "is no text")
        kind, (length,) = self.field.kind, self.field.shape
        unknown = kind.unknown(text)
        if unknown:
            told = [f"{w!r}{nearest(w, kind.vocabulary)}" for w in unknown]
            raise self.wrong(text, f"the run does not know {few(told)}")
        count = np.count_nonzero(kind.encode([text]))
        if not 0 < count <= length:
            raise self.wrong(text, f"has {count} words and takes 1 to {length}")
        return text

    def guarded(self, value: Tensor) -> Tensor:
        kind, (length,) = self.field.kind, self.field.shape
        ids = kind.encode_in_graph(tf.reshape(value, (-1,)), length + 1)
        known = tf.reduce_all(ids != UNKNOWN) & tf.reduce_all(ids[:, length] == PADDING)
        some = tf.reduce_all(ids[:, 0] != PADDING)
        message = f"{self.name} takes {self.allowed}"
        with tf.control_dependencies(
            [tf.debugging.Assert(known & some, [message, value])]
        ):
            return tf.identity(value)

    def as_input(self, value: Tensor) -> Tensor:
        return self.field.kind.encode_in_graph(value, self.field.shape[0])

    @property
    def allowed(self) -> str:
        kind, (length,) = self.field.kind, self.field.shape
        such = f", such as {kind.examples[0]!r}" if kind.examples else ""
        return (
            f"up to {length} of the {len(kind.vocabulary):,} words that it knows{such}"
        )


@dataclasses.dataclass(frozen=True)
class Input(_OfField):
    """A control that takes data, (n, ...), such as the images to translate.

    Attributes:
        endpoint: the name of the endpoint in an exported generator that takes it.
    """

    endpoint: str = "translate"

    @property
    def spec(self) -> tf.TensorSpec:
        """The type of the value in an exported generator."""
        return tf.TensorSpec((None, *self.field.shape), self.field.dtype)

    def checked(self, value: Any) -> np.ndarray:
        value = np.asarray(value)
        if value.shape[1:] != self.field.shape or value.dtype.name != self.field.dtype:
            raise self.wrong(
                f"{value.dtype.name}{value.shape}",
                f"must be {self.field.dtype} (n, {', '.join(map(str, self.field.shape))})",
            )
        return value

    def parsed(self, text: str) -> NoReturn:
        raise self.wrong(text, "is read from files, not from a command line")

    def guarded(self, value: Tensor) -> Tensor:
        return value

    @property
    def allowed(self) -> str:
        return self.field.kind.describe(self.field.shape)


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
    kinds = {kind.__name__: kind for kind in (Choice, Range, Text, Input)}
    return tuple(
        kinds[one["control"]].of_plain({k: v for k, v in one.items() if k != "control"})
        for one in plain
    )


def checked(controls: Iterable[Control], values: dict[str, Any]) -> dict[str, Any]:
    """Returns the given values by name, each checked by its control; None is left out.

    Raises:
        UserError: there is no such control, its value is out of range, or of the data
            that the game can start from not exactly one is given.
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
    return found
