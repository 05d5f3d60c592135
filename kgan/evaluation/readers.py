"""Reading of attributes off images: in closed form, or by a classifier of real ones."""

from collections.abc import Sequence

import numpy as np

from kgan.data import Dataset, evenly
from kgan.evaluation.captions import texts
from kgan.metrics import Classifier, fit_attributes
from kgan.metrics.classifier import takes
from kgan.metrics.network import UPDATES
from kgan.sizes import Size
from kgan.typing import Log, PathLike

TOLD = 0.5  # of the way from the most frequent option to certainty
CERTAIN = 0.8  # of the probability: a caption says so
MOST_TEXTS = 8000


class Reader:
    """Reads attributes off images.

    Args:
        train: the images that a classifier learns from, with attributes.
        names: of the attributes.
        classifier: one of the data's labels, which is taken for an attribute that equals
            them, or None.
        cache: folder for the trained classifier, or None.
        updates: of a classifier that is trained, at the least.
        log: called with each line that the user should read.

    Attributes:
        names: of the attributes that it reads.
    """

    def __init__(
        self,
        train: Dataset,
        names: Sequence[str],
        classifier: Classifier | None = None,
        cache: PathLike | None = None,
        updates: int = UPDATES,
        log: Log = print,
    ) -> None:
        ways, shown = dict(train.readers), {}
        for name in names:
            values, view = train.attributes[name].values, train.views.get(name)
            if name in ways:
                continue
            if view is None and classifier and np.array_equal(values, train["label"]):
                ways[name] = classifier.predict
            else:
                shown.setdefault(view, []).append(name)
        sides = train.fields["real"].shape[:2]
        if shown and not takes(sides):
            log(
                f"no classifier of {', '.join(_all(shown))} takes images of {Size(*sides)}"
            )
            shown = {}
        self.names = tuple(
            name for name in names if name in ways or name in _all(shown)
        )
        self._ways, self._shown = ways, shown
        self._models = {
            view: _fitted(train, some, view, cache, updates, log)
            for view, some in shown.items()
        }

    def read(self, images: np.ndarray) -> np.ndarray:
        """Returns the option of each attribute, int32 (N, A), of uint8 images."""
        found = {
            name: self._ways[name](images) for name in self.names if name in self._ways
        }
        for view, some in self._shown.items():
            columns = self._models[view].predict(_seen(images, view)).T
            found |= dict(zip(some, columns, strict=True))
        return np.stack([found[name] for name in self.names], 1).astype(np.int32)


def _fitted(train, names, view, cache, updates, log):
    """A classifier of attributes that are shown by one view."""
    known = [train.attributes[name] for name in names]
    return fit_attributes(
        _seen(train["real"], view),
        np.stack([one.values for one in known], 1),
        [len(one.options) for one in known],
        cache=cache,
        updates=updates,
        log=log,
    )


def _seen(images, view):
    return images if view is None else view(images)


def _all(shown):
    return [name for some in shown.values() for name in some]


def told(data: Dataset, asked: Dataset) -> dict[str, np.ndarray]:
    """Returns which captions tell what: name of an attribute -> (n,) bool.

    A linear classifier of the words and pairs of words in a caption learns each attribute
    from half of the captions of a data set. The attribute is one that captions tell if
    that is right, on the others, for more than half of those for which the most frequent
    option is wrong. A caption tells it if its words give the true option more than
    `CERTAIN` of the probability: "no hair" tells no colour of hair.

    Args:
        data: with captions and attributes.
        asked: the n examples whose captions are asked about, with the same attributes.

    Returns:
        The attributes that captions tell, in their order; none that no caption in
        question tells.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = evenly(np.arange(len(data)), MOST_TEXTS)
    pattern = r"[^ ]+"
    counted = CountVectorizer(ngram_range=(1, 2), binary=True, token_pattern=pattern)
    words, found = counted.fit_transform(texts(data.part(rows))), {}
    wanted = counted.transform(texts(asked))
    for name, one in data.attributes.items():
        values = one.values[rows]
        if len(np.unique(values[::2])) < 2 or name not in asked.attributes:
            continue
        model = LogisticRegression(C=10.0, max_iter=200).fit(words[::2], values[::2])
        right = float(np.mean(model.predict(words[1::2]) == values[1::2]))
        usual = float(np.mean(values[1::2] == np.bincount(values[::2]).argmax()))
        if right > usual + TOLD * (1 - usual):
            tells = _certain(model, wanted, asked.attributes[name].values)
            if tells.any():
                found[name] = tells
    return found


def _certain(model, words, values):
    """Whether a classifier of words gives a true value more than `CERTAIN`."""
    chance = np.zeros((len(values), max(values.max(), model.classes_.max()) + 1))
    chance[:, model.classes_] = model.predict_proba(words)
    return chance[np.arange(len(values)), values] > CERTAIN
