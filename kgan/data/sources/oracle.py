"""A recurrent network with random weights as a source of lines: its text is known.

Yu 2017 (SeqGAN), section 4: the probability of every line can be computed, so that what a
G has learned can be compared with the truth itself.
"""

import functools
import string
from pathlib import Path
from typing import Any

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.kinds.lines import Lines
from kgan.data.sources.arrays import one_group
from kgan.errors import UserError
from kgan.typing import PathLike

SYMBOLS, LENGTH, UNITS, SEED = 8, 5, 16, 0
LINES = 2000  # to learn from, and as many that are held out
GATES = ("input", "forget", "output", "candidate")
FILES = dict(zip(GATES, ("i", "f", "og", "c"), strict=True))  # of published weights
DRAWN_TOGETHER = 250  # lines

NAME = "oracle"  # of the built-in data set


class Oracle:
    """An LSTM that gives the probability of each symbol after those before it.

    Args:
        weights: "embedding" (V, e); for each of "input", "forget", "output" and
            "candidate" a tuple (W (e, h), U (h, h), b (h,)); "head", (W (h, V), b (V,)).
        start: the number of the symbol that stands before the first one.
    """

    def __init__(self, weights: dict[str, Any], start: int = 0) -> None:
        self.weights, self.start = weights, start
        self.symbols: int = len(weights["embedding"])
        self.units: int = len(weights["head"][0])

    @classmethod
    def drawn(cls, symbols: int, units: int, seed: int) -> "Oracle":
        """Returns an oracle all of whose weights come from N(0, 1).

        Args:
            symbols: V.
            units: of the LSTM and of the embedding.
            seed: of the weights.
        """
        normal = np.random.default_rng(seed).normal
        weights: dict[str, Any] = {"embedding": normal(size=(symbols, units))}
        for gate in GATES:
            shapes = (units, units), (units, units), (units,)
            weights[gate] = tuple(normal(size=shape) for shape in shapes)
        weights["head"] = normal(size=(units, symbols)), normal(size=symbols)
        return cls(weights)

    @classmethod
    def read(cls, folder: PathLike) -> "Oracle":
        """Returns an oracle of published weights: arrays of NumPy in a folder.

        They are embedding, wi, ui, bi and so on for the gates i, f, og and c, wo and bo,
        each a file NAME.npz or NAME.npy.

        Raises:
            UserError: a file is missing or holds no array.
        """

        def array(name):
            for path in (Path(folder) / f"{name}{end}" for end in (".npz", ".npy")):
                if path.exists():
                    return _array(path)
            raise UserError(Path(folder) / f"{name}.npz", "does not exist")

        weights: dict[str, Any] = {"embedding": array("embedding")}
        for gate, letters in FILES.items():
            weights[gate] = tuple(array(f"{kind}{letters}") for kind in "wub")
        weights["head"] = array("wo"), array("bo")
        return cls(weights)

    def begin(self, n: int) -> tuple[np.ndarray, Any]:
        """Returns log p of the first symbol, (n, V), and the state after the start."""
        zeros = np.zeros((n, self.units))
        return self.step(np.full(n, self.start), (zeros, zeros))

    def step(self, symbol: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Reads one symbol (n,); returns log p of the next one, (n, V), and the state."""
        x, (hidden, cell) = self.weights["embedding"][symbol], state
        sums = {}
        for gate in GATES:
            w, u, b = self.weights[gate]
            sums[gate] = x @ w + hidden @ u + b
        kept = [_sigmoid(sums[gate]) for gate in GATES[:3]]
        cell = kept[1] * cell + kept[0] * np.tanh(sums["candidate"])
        hidden = kept[2] * np.tanh(cell)
        w, b = self.weights["head"]
        return _log_softmax(hidden @ w + b), (hidden, cell)

    def draw(self, n: int, length: int, seed: int) -> np.ndarray:
        """Draws n lines of `length` symbols, int32 (n, length)."""
        random = np.random.default_rng(seed)
        parts = [
            self._draw(min(DRAWN_TOGETHER, n - done), length, random)
            for done in range(0, n, DRAWN_TOGETHER)
        ]
        return np.concatenate(parts)

    def _draw(self, n, length, random):
        log_p, state = self.begin(n)
        lines = np.zeros((n, length), np.int32)
        for position in range(length):
            # The largest of log p and Gumbel noise is a draw from p.
            lines[:, position] = (log_p + random.gumbel(size=log_p.shape)).argmax(1)
            log_p, state = self.step(lines[:, position], state)
        return lines

    def log_likelihood(self, lines: np.ndarray) -> np.ndarray:
        """Returns log p of each symbol of lines, numbers (n, L), after those before it."""
        log_p, state = self.begin(len(lines))
        found = np.zeros(lines.shape)
        for position in range(lines.shape[1]):
            symbol = lines[:, position]
            found[:, position] = log_p[np.arange(len(lines)), symbol]
            log_p, state = self.step(symbol, state)
        return found


def every_line(symbols: int, length: int) -> np.ndarray:
    """Returns all lines of `length` symbols, int32 (symbols ** length, length)."""
    grid = np.indices((symbols,) * length, np.int32)
    return grid.reshape(length, -1).T.copy()


@functools.cache
def tiny() -> Oracle:
    """Returns the oracle of the built-in data set: 8 symbols, 16 units."""
    return Oracle.drawn(SYMBOLS, UNITS, SEED)


def dataset(lines: int = LINES) -> Dataset:
    """Returns lines of 5 of 8 letters, drawn from `tiny`; as many are held out."""
    kind = Lines(string.ascii_lowercase[:SYMBOLS])
    train, held = (
        one_group(NAME, {"real": (tiny().draw(lines, LENGTH, seed), kind)})
        for seed in (1, 2)
    )
    return Dataset(NAME, train.fields, train.groups, held_out=held)


def _array(path):
    try:
        found = np.load(path)
    except (OSError, ValueError) as error:
        raise UserError(path, f"holds no array ({error})", exit_code=1) from error
    if not isinstance(found, np.ndarray):
        raise UserError(path, "holds several arrays, not one", exit_code=1)
    return found


def _sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def _log_softmax(x):
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))
