"""The controls that take data of a field: captions, and data to start from."""

import dataclasses
from typing import Any, NoReturn, Self, cast

import numpy as np
import tensorflow as tf

from kgan.controls.control import Control
from kgan.data import Field
from kgan.data.kinds.tokens import PADDING, UNKNOWN, Tokens, readable
from kgan.errors import few, nearest
from kgan.typing import Tensor


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
    has_way = True

    @property
    def _words(self) -> Tokens:
        return cast("Tokens", self.field.kind)

    def checked(self, value: Any) -> np.ndarray:
        """Returns a text, or a sequence of texts, as an array of texts."""
        if np.ndim(value):
            return np.array([self.parsed(one) for one in value])
        return np.array(self.parsed(value))

    def parsed(self, text: str) -> str:
        if not isinstance(text, str):
            raise self.wrong(text, "is no text")
        text = readable(text)
        kind, (length,) = self._words, self.field.shape
        unknown = kind.unknown(text)
        if unknown:
            told = [f"{w!r}{nearest(w, kind.vocabulary)}" for w in unknown]
            raise self.wrong(text, f"the run does not know {few(told)}")
        count = np.count_nonzero(kind.encode([text]))
        if not 0 < count <= length:
            raise self.wrong(text, f"has {count} words and takes 1 to {length}")
        return text

    def takes(self, texts: Tensor) -> Tensor:
        """Returns whether it takes each of some texts, tf.string (n,), booleans (n,)."""
        (length,) = self.field.shape
        ids = self._words.encode_in_graph(texts, length + 1)
        known = tf.reduce_all(ids != UNKNOWN, axis=1)
        return known & (ids[:, 0] != PADDING) & (ids[:, length] == PADDING)

    def guarded(self, value: Tensor) -> Tensor:
        right = tf.reduce_all(self.takes(tf.reshape(value, (-1,))))
        message = f"{self.name} takes {self.allowed}"
        with tf.control_dependencies([tf.debugging.Assert(right, [message, value])]):
            return tf.identity(value)

    def as_input(self, value: Tensor) -> Tensor:
        return self._words.encode_in_graph(value, self.field.shape[0])

    @property
    def allowed(self) -> str:
        kind, (length,) = self._words, self.field.shape
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
