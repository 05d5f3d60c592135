"""The kind of lines of text, which a network writes symbol by symbol."""

import collections
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from keras import ops

from kgan.data.kinds.kind import Kind
from kgan.data.kinds.tokens import words
from kgan.errors import UserError
from kgan.files import write_text
from kgan.typing import PathLike, Tensor, Tensors

END = ""  # the symbol after the last one of a line, number 0 where there is one
MOST_SYMBOLS = 5000


class Lines(Kind):
    """Lines of text, stored as int32 (L,): the number of the symbol at each position.

    Symbols are characters or words. If lines differ in length, number 0 is the end, and
    fills the rest of a line. Networks take one of V symbols as a row of 0 and one 1,
    float32 (L, V), and return scores of the symbols, of which the largest counts.

    Args:
        symbols: in the order of their numbers; "" is the end.
        characters: whether symbols are characters; else they are words.

    Example:
        kind = Lines.fitted(["anna", "bo"], characters=True)
        kind.symbols  # ("", "n", "a", "b", "o")
        kind.encode(["bo"], 4)  # [[3, 4, 0, 0]]
    """

    name = "lines"
    plural = "lines"
    dtypes = ("int32",)
    rank = 1
    suffix = ".txt"
    together = ".txt"
    grid = (8, 4)

    def __init__(self, symbols: Sequence[str] = (), characters: bool = True) -> None:
        self.symbols = tuple(map(str, symbols))
        self.characters = bool(characters)
        self._numbers = {symbol: i for i, symbol in enumerate(self.symbols)}

    @classmethod
    def fitted(
        cls, texts: Iterable[str], characters: bool, ends: bool = False
    ) -> "Lines":
        """Returns the kind with the symbols of some texts, the most frequent first.

        Of more than 5,000 different symbols the most frequent ones are taken. There is an
        end of a line if the texts have several lengths, or if `ends` is True.
        """
        parts = parted(texts, characters)
        counts = collections.Counter(symbol for part in parts for symbol in part)
        ordered = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
        several = ends or len({len(part) for part in parts}) > 1
        return cls([*([END] if several else []), *ordered[:MOST_SYMBOLS]], characters)

    def plain(self) -> dict[str, Any]:
        return {"symbols": [*self.symbols], "characters": self.characters}

    @property
    def ends(self) -> bool:
        """Whether number 0 is the end of a line."""
        return self.symbols[:1] == (END,)

    def knows(self, text: str) -> bool:
        """Whether all symbols of a text have numbers."""
        (part,) = parted([text], self.characters)
        return all(symbol in self._numbers for symbol in part)

    def encode(self, texts: Sequence[str], length: int) -> np.ndarray:
        """Returns the numbers of texts of up to `length` known symbols, int32 (n, L)."""
        rows = np.zeros((len(texts), length), np.int32)
        for row, part in zip(rows, parted(texts, self.characters), strict=True):
            row[: len(part)] = [self._numbers[symbol] for symbol in part]
        return rows

    def decode(self, ids: np.ndarray) -> list[str]:
        """Returns the texts of numbers (n, L), each up to its end."""
        rows = np.asarray(ids).tolist()
        if self.ends:
            rows = [row[: row.index(0)] if 0 in row else row for row in rows]
        return [self._joint.join(self.symbols[i] for i in row) for row in rows]

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts numbers (n, L) to rows of 0 and 1, float32 (n, L, V)."""
        return ops.one_hot(stored, len(self.symbols), dtype="float32")

    def from_network(self, x: Tensor) -> Tensor:
        """Converts scores (n, L, V) to numbers, int32 (n, L); after an end all are 0."""
        ids = ops.cast(ops.argmax(x, -1), "int32")
        if not self.ends:
            return ids
        return ids * ops.cumprod(ops.cast(ids > 0, "int32"), axis=1)

    def text(self, values: np.ndarray) -> str:
        return "".join(f"{line}\n" for line in self.decode(values))

    def exported(self, stored: Tensor) -> Tensors:
        """Returns the numbers, "lines", int32 (n, L), and the texts, "text", (n,)."""
        pieces = tf.gather(tf.constant(self.symbols), stored)
        joined = tf.strings.reduce_join(pieces, -1, separator=self._joint)
        text = joined if self.characters else tf.strings.strip(joined)
        return {"lines": stored, "text": text}

    def write(self, path: PathLike, value: np.ndarray) -> None:
        write_text(path, self.text(np.asarray(value)[None]))

    def check(self, name: str, array: np.ndarray) -> None:
        super().check(name, array)
        last = len(self.symbols) - 1
        if array.size and not 0 <= array.min() <= array.max() <= last:
            raise UserError(
                name,
                f"symbols are numbered from 0 to {last}; got {array.min()} to "
                f"{array.max()}",
            )

    def describe(self, shape: tuple[int, ...]) -> str:
        unit = "characters" if self.characters else "words"
        known = len(self.symbols) - self.ends
        return f"lines of {'up to ' * self.ends}{shape[0]} {unit} out of {known:,}"

    @property
    def _joint(self):
        return "" if self.characters else " "


def parted(texts: Iterable[str], characters: bool) -> list[list[str]]:
    """Returns the symbols of each text: its characters, or its words in lower case."""
    return [[*text] for text in texts] if characters else words(texts)
