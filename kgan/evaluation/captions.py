"""Images that a generator draws for the captions of a data set."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.data import Dataset
from kgan.errors import UserError
from kgan.evaluation.sources import Source


class CaptionSource(Source):
    """Samples for captions, which are those of a data set unless others are asked.

    Args:
        source: whose `text` is a control; its samples are taken.
        data: a `Dataset` with captions.
    """

    def __init__(self, source: Source, data: Dataset) -> None:
        assert source.text is not None
        self.source, self.game, self.shape = source, source.game, source.shape
        self.takes_labels, self.classes = source.takes_labels, source.classes
        self.text = source.text
        self._texts = np.array(texts(data))[self.knows(texts(data))]
        if not len(self._texts):
            raise UserError(
                "dataset",
                "the generator knows the words of none of its captions",
                "take the data that it learned from",
            )

    def knows(self, asked: list[str]) -> np.ndarray:
        """Whether the generator takes each of these captions, (n,) bool."""
        assert self.text is not None
        return self.text.takes(tf.constant(asked, tf.string)).numpy()

    def batches(
        self, n: int, seed: int, labels: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields as `Source.batches`, for captions of the data in an order by chance."""
        shuffled = np.random.default_rng([seed, n]).permutation(len(self._texts))
        return self.asked(self._texts[np.resize(shuffled, n)], seed)

    def asked(self, asked: Any, seed: int) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples, latent) for these captions, one each, in their order."""
        assert self.text is not None
        checked = self.text.checked([*map(str, asked)])
        yield from self.source.captioned(checked, seed)


def texts(data: Dataset) -> list[str]:
    """Returns the first caption of each example."""
    return data.fields["caption"].kind.decode(data["caption"])


def of_data(source: Source, data: Dataset) -> Source:
    """Returns the source; if it takes captions, the one that is asked for the data's."""
    if (
        source.text is None
        or "caption" not in data
        or isinstance(source, CaptionSource)
    ):
        return source
    return CaptionSource(source, data)
