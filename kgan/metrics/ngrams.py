"""A model of lines by their last characters, and how samples compare with real lines."""

import collections
from collections.abc import Iterable, Sequence

import numpy as np

BEGIN, STOP = "\x02", "\x03"  # no character of a text
ORDER = 4  # of the n-grams that are looked up


class NGrams:
    """The model that draws a character by the n - 1 before it, as often as in its lines.

    Args:
        lines: that it learns from.
        n: 2 or more.

    Example:
        model = kgan.metrics.NGrams(["anna", "hanna", "hannah"], 3)
        model.draw(2, seed=0)  # two lines
        model.nats(["anna"])  # per character, with the end of the line
    """

    def __init__(self, lines: Iterable[str], n: int) -> None:
        self.n = n
        self.counts = collections.defaultdict(collections.Counter)
        for line in lines:
            for gram in grams(line, n):
                self.counts[gram[:-1]][gram[-1]] += 1
        self.symbols = {symbol for found in self.counts.values() for symbol in found}

    def draw(self, count: int, seed: int) -> list[str]:
        """Draws `count` lines."""
        random = np.random.default_rng(seed)
        tables = {
            context: ("".join(found), np.cumsum([*found.values()]))
            for context, found in self.counts.items()
        }
        return [self._line(tables, random) for _ in range(count)]

    def _line(self, tables, random):
        line = BEGIN * (self.n - 1)
        while not line.endswith(STOP):
            symbols, sums = tables[line[len(line) - self.n + 1 :]]
            place = np.searchsorted(sums, random.integers(sums[-1]), side="right")
            line += symbols[place]
        return line[self.n - 1 : -1]

    def nats(self, lines: Iterable[str]) -> float:
        """Returns -log p of a character, a mean; every count is 1 larger, so none is 0."""
        total, characters = 0.0, 0
        for line in lines:
            for gram in grams(line, self.n):
                found = self.counts.get(gram[:-1], collections.Counter())
                share = (found[gram[-1]] + 1) / (found.total() + len(self.symbols))
                total -= float(np.log(share))
                characters += 1
        return total / characters


def grams(line: str, n: int) -> list[str]:
    """Returns the n-grams of a line, with n - 1 marks before it and one after it."""
    marked = BEGIN * (n - 1) + line + STOP
    return [marked[i : i + n] for i in range(len(marked) - n + 1)]


def line_report(samples: Sequence[str], train: Sequence[str]) -> dict[str, float]:
    """Compares samples with the lines that a model learned from.

    Returns:
        "known": the share of the 4-grams of the samples that occur in those lines; "new":
        the share of samples that are none of them; "distinct": the number of different
        samples over that of all; "length": the mean number of characters.
    """
    lines = set(train)
    there = {gram for line in lines for gram in grams(line, ORDER)}
    found = [gram in there for line in samples for gram in grams(line, ORDER)]
    return {
        "known": float(np.mean(found)),
        "new": float(np.mean([line not in lines for line in samples])),
        "distinct": len(set(samples)) / len(samples),
        "length": float(np.mean([len(line) for line in samples])),
    }
