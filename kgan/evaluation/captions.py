"""Images that a game draws for the captions of a data set."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.controls import Text
from kgan.data import Dataset
from kgan.evaluation.sources import GameSource, Source


class CaptionSource(GameSource):
    """Samples of a game for captions, which are those of a data set unless others are asked.

    Args:
        game: a game with a control `kgan.controls.Text`.
        control: this control.
        data: a `Dataset` with captions.
    """

    def __init__(self, game: Any, control: Text, data: Dataset) -> None:
        super().__init__(game)
        self.control = control
        self._texts = np.array(texts(data))[self.knows(texts(data))]

    def knows(self, asked: list[str]) -> np.ndarray:
        """Whether the game takes each of these captions, (n,) bool."""
        return self.control.takes(tf.constant(asked, tf.string)).numpy()

    def batches(
        self, n: int, seed: int, labels: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields as `GameSource.batches`, for captions of the data in an order by chance."""
        shuffled = np.random.default_rng([seed, n]).permutation(len(self._texts))
        return self.asked(self._texts[np.resize(shuffled, n)], seed)

    def asked(self, asked: Any, seed: int) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples, latent) for these captions, one each, in their order."""
        game: Any = self.game
        given = {self.control.name: self.control.checked([*map(str, asked)])}
        yield from sampling.batches(game, game.latents(len(asked), (0, seed), **given))


def texts(data: Dataset) -> list[str]:
    """Returns the first caption of each example."""
    return data.fields["caption"].kind.decode(data["caption"])


def of_data(source: Source, data: Dataset) -> Source:
    """Returns the source; for a game with captions, the one that is asked for the data's."""
    if source.game is None or "caption" not in data:
        return source
    found = [one for one in source.game.controls() if isinstance(one, Text)]
    if not found or isinstance(source, CaptionSource):
        return source
    return CaptionSource(source.game, found[0], data)
