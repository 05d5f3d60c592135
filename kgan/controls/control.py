"""The controls that take numbers and names."""

import dataclasses
import math
from typing import Any, ClassVar, Self

import numpy as np
import tensorflow as tf

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
    has_way: ClassVar[bool] = False  # whether samples can go from one value to another
    absent: ClassVar[Any] = None  # a value in an exported generator that means none

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
    least: ClassVar[int] = 0  # of the numbers that a graph takes

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
        message = f"{self.name} must lie between {self.least} and {last}"
        low = tf.debugging.assert_greater_equal(value, self.least, message)
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
class Change(Choice):
    """A choice that the data from which a game starts have made already.

    It takes one of several options, by number or by name; without a value the data keep
    their own. An exported generator has a value for every argument, and -1 for this.
    """

    absent = -1
    least = -1


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
