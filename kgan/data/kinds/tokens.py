"""The kind of captions: texts as the numbers of their words."""

import collections
import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.data.kinds.kind import Kind
from kgan.errors import UserError
from kgan.files import write_text
from kgan.typing import PathLike, Tensor

PADDING, UNKNOWN, FIRST = 0, 1, 2  # the number of the first word of a vocabulary
UNKNOWN_WORD = "[UNK]"
# What stands between words. All other characters, such as ’ & # - and é, are of words.
BETWEEN = r'[,.;:!?"“”„«»()\[\]{}…–—\pZ\p{Cc}]+'
EXAMPLES = 64  # captions of the data that the kind keeps
SOME = 2**62  # of `to_hash_bucket_fast`: so many that words do not share one


class Tokens(Kind):
    """Captions, stored as int32 (L,): the number of each word, then 0 for padding.

    1 is a word that the vocabulary does not have; its words are numbered from 2 on.
    Texts are compared in lower case and without punctuation. Networks take the numbers
    as they are.

    Args:
        vocabulary: the words, in the order of their numbers.
        examples: some captions, which are drawn where none is asked for.

    Example:
        kind = Tokens.fitted(["A red seven.", "a blue seven"])
        kind.vocabulary  # ("a", "seven", "blue", "red")
        kind.encode(["Red or blue seven"], 6)  # [[5, 1, 4, 3, 0, 0]]
    """

    name = "tokens"
    plural = "captions"
    dtypes = ("int32",)
    rank = 1
    suffix = ".txt"

    def __init__(
        self, vocabulary: Sequence[str] = (), examples: Sequence[str] = ()
    ) -> None:
        self.vocabulary = tuple(map(str, vocabulary))
        self.examples = tuple(map(str, examples))
        self._numbers = {word: i for i, word in enumerate(self.vocabulary, FIRST)}

    @classmethod
    def fitted(cls, texts: Iterable[str]) -> "Tokens":
        """Returns the kind with all words of some texts, the most frequent first."""
        texts = [*texts]
        counts = collections.Counter(word for one in words(texts) for word in one)
        vocabulary = sorted(counts, key=lambda word: (-counts[word], word))
        different = [*dict.fromkeys(texts)]
        every = max(1, len(different) // EXAMPLES)
        return cls(vocabulary, different[::every][:EXAMPLES])

    def plain(self) -> dict[str, Any]:
        return {"vocabulary": [*self.vocabulary], "examples": [*self.examples]}

    @property
    def size(self) -> int:
        """How many numbers there are: of the words, of padding and of unknown words."""
        return len(self.vocabulary) + FIRST

    def encode(self, texts: Sequence[str], length: int | None = None) -> np.ndarray:
        """Returns the numbers of the words of texts, int32 (n, length).

        Args:
            texts: n texts.
            length: L; words after it are cut off. None for that of the longest text.
        """
        with tf.init_scope():  # at once, also while a graph is made
            strings = tf.constant([*texts], tf.string)
            return self.encode_in_graph(strings, length).numpy()

    def encode_in_graph(self, strings: Tensor, length: int | None = None) -> Tensor:
        """Returns the numbers of the words of `strings` (n,), int32 (n, length).

        It is made of operations alone, without a table, so that it can be part of an
        exported graph.
        """
        ragged = split(strings)
        hashes, numbers = self._by_hash
        found = _hashes(ragged.values)
        place = tf.minimum(tf.searchsorted(hashes, found), len(hashes) - 1)
        known = tf.gather(tf.constant(hashes), place) == found
        ids = tf.where(known, tf.gather(tf.constant(numbers), place), UNKNOWN)
        # Keras and XLA need a static length.
        return ragged.with_values(ids).to_tensor(PADDING, shape=(None, length))

    def decode(self, ids: np.ndarray) -> list[str]:
        """Returns the texts of numbers (n, L): words joined by spaces."""
        named = ("", UNKNOWN_WORD, *self.vocabulary)
        return [" ".join(named[i] for i in row if i) for row in np.asarray(ids)]

    def decode_in_graph(self, ids: Tensor) -> Tensor:
        """Returns the texts of numbers (n, L) as `decode` does, tf.string (n,)."""
        named = tf.constant(["", UNKNOWN_WORD, *self.vocabulary])
        joined = tf.strings.reduce_join(tf.gather(named, ids), -1, separator=" ")
        return tf.strings.strip(joined)

    def titles(self, values: np.ndarray) -> list[str]:
        return self.decode(values)

    def unknown(self, text: str) -> list[str]:
        """Returns the words of a text that the vocabulary does not have, each once."""
        (found,) = words([text])
        return [word for word in dict.fromkeys(found) if word not in self._numbers]

    def write(self, path: PathLike, value: np.ndarray) -> None:
        write_text(path, self.decode(np.asarray(value)[None])[0] + "\n")

    def check(self, name: str, array: np.ndarray) -> None:
        super().check(name, array)
        last = self.size - 1
        if array.size and not 0 <= array.min() <= array.max() <= last:
            raise UserError(
                name,
                f"words are numbered from 0 to {last}; got {array.min()} to {array.max()}",
            )

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"captions of up to {shape[0]} words out of {len(self.vocabulary):,}"

    @functools.cached_property
    def _by_hash(self):
        """(hashes of the words, int64, in order; the numbers of these words, int32)."""
        with tf.init_scope():
            found = _hashes(tf.constant(["", *self.vocabulary], tf.string)).numpy()
        # No text has the word "": it makes an empty vocabulary searchable.
        order = np.argsort(found)
        numbers = np.arange(len(found), dtype=np.int32) + FIRST - 1
        return found[order], numbers[order]


def readable(text: str) -> str:
    """Returns a text with a question mark in a diamond for halves of characters."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def words(texts: Iterable[str]) -> list[list[str]]:
    """Returns the words of each text, in lower case and without punctuation."""
    texts = [*texts]
    if not texts:
        return []
    rows = split(tf.constant(texts, tf.string)).to_list()
    return [[word.decode() for word in row] for row in rows]


def split(strings: Tensor) -> tf.RaggedTensor:
    """Returns the words of `strings` (n,) as a ragged tensor (n, None) of strings."""
    # ICU follows the locale of the process: in Turkish, I would become a dotless i. So
    # the letters of ASCII go first, and the dot of a capital I with a dot goes last.
    lower = tf.strings.lower(tf.strings.lower(strings), encoding="utf-8")
    lower = tf.strings.regex_replace(lower, "i\u0307", "i")
    return tf.strings.split(tf.strings.regex_replace(lower, BETWEEN, " "))


def _hashes(strings):
    return tf.strings.to_hash_bucket_fast(strings, SOME)
