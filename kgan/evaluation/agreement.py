"""How well samples agree with what was asked for: attribute by attribute, and in words.

Samples are asked for by the captions, or by the combinations of attributes, of held-out
examples. What they show is read off them by `kgan.evaluation.readers`. Each score has, as
its floor, the value of the real held-out images themselves.
"""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kgan import metrics
from kgan.applications.classifiers import tenth
from kgan.data import Dataset, evenly
from kgan.evaluation import classes
from kgan.evaluation.captions import CaptionSource, texts
from kgan.evaluation.progress import announced
from kgan.evaluation.readers import Reader, told
from kgan.evaluation.reference import Reference
from kgan.evaluation.sources import Source
from kgan.metrics import Score
from kgan.metrics.classifier import takes
from kgan.typing import Log

MOST = 4000  # samples whose attributes are read
RANKED = 1000  # of them, those that are ranked
EACH = 16  # samples of one caption, for the variety
VARIED = 40  # captions of which so many are drawn
LEAST_VARIED = 5
LEAST_ORDERED = 20  # samples that show two options in either order


class Asked(NamedTuple):
    """What samples were asked for, and what they and the real images show.

    Attributes:
        data: the examples whose captions or labels were asked for.
        names: of the attributes.
        told: whether a caption says which, (n, A) bool; it counts only there.
        drawn, real: those that are read off the samples, and off the examples, (n, A).
        images: the samples, uint8 (n, H, W, C).
    """

    data: Dataset
    names: tuple[str, ...]
    wanted: np.ndarray
    told: np.ndarray
    drawn: np.ndarray
    real: np.ndarray
    images: np.ndarray

    def shows(self, read: np.ndarray) -> np.ndarray:
        """Whether what is read is what was asked for, or nothing was, (n, A) bool."""
        return (read == self.wanted) | ~self.told


def scores(
    score: Callable[..., Score],
    source: Source,
    reference: Reference,
    details: dict[str, Any],
    *,
    n: int,
    seed: int,
    log: Log,
) -> list[Score]:
    """Returns the scores of agreement; [] where nothing can be asked for or read.

    Args:
        score: (name, value, interval, floor) -> `kgan.metrics.Score`.
        source: of the images.
        reference: the real images.
        details: gets the number of samples of each kind, and what was not measured.
        n: how many samples at the most.
        seed: of the samples.
        log: called with each line that the user should read.
    """
    by_caption = isinstance(source, CaptionSource)
    if not (by_caption or reference.condition):
        return []
    reference = _with_held_out(reference, details)
    data = reference.held_out
    assert data is not None
    if by_caption:
        data = data.part(np.flatnonzero(source.knows(texts(data))))
    if not len(data):
        return []
    data = data.part(evenly(np.arange(len(data)), min(n, MOST)))
    with announced(f"{len(data):,} samples of what is asked for", log):
        images = draw(source, data, seed)
    said = _said(reference, data, by_caption)
    asked = _asked(reference, data, said, images, log) if said else None
    found = []
    if asked is not None:
        found += _by_attribute(score, asked, reference.train, details)
        found += _word_order(score, asked, details)
        found += _variety(score, source, asked, reference.train, details, seed)
    if by_caption:
        lacking = [k for k in reference.train.attributes if k not in data.attributes]
        if lacking:
            details["attributes that the held-out images lack"] = ", ".join(lacking)
        untold = [name for name in data.attributes if name not in said]
        if untold:
            details["attributes that the captions do not tell"] = ", ".join(untold)
        found += _recall(score, images, data, asked, reference, details, log)
    return found


def _with_held_out(reference, details):
    """The reference; without held-out images a tenth is kept from what reads samples."""
    if reference.held_out:
        return reference
    train = reference.train
    labels = train["label"] if "label" in train else np.zeros(len(train), int)
    odd = tenth(labels)  # as for the classifier
    details["agreement, asked for by"] = (
        f"{odd.sum():,} training images, from which its judges do not learn"
    )
    return dataclasses.replace(
        reference, train=train.part(~odd), held_out=train.part(odd)
    )


def draw(source: Source, data: Dataset, seed: int) -> np.ndarray:
    """Returns a sample for the caption or the label of each example, (n, ...)."""
    if isinstance(source, CaptionSource):
        return np.concatenate([one for one, _ in source.asked(texts(data), seed)])
    order = np.argsort(data["label"], kind="stable")
    drawn = classes.batches(source, data, len(data), seed, data["label"][order])
    images = np.concatenate([one for one, _ in drawn])
    placed = np.empty_like(images)
    placed[order] = images
    return placed


def _said(reference, data, by_caption):
    """What is asked for of each example: name of an attribute -> (n,) bool."""
    if by_caption:
        return told(reference.train, data)
    names = [name for name in reference.condition if name in data.attributes]
    return {name: np.ones(len(data), bool) for name in names}


def _asked(reference, data, said, images, log):
    """The `Asked` of the attributes that can be read off images; None without any."""
    ways = reference.classifier, reference.cache, reference.updates
    reader = Reader(reference.train, list(said), *ways, log)
    if not reader.names:
        return None
    wanted = np.stack([data.attributes[name].values for name in reader.names], 1)
    tells = np.stack([said[name] for name in reader.names], 1)
    read = reader.read(images), reader.read(data["real"])
    return Asked(data, reader.names, wanted, tells, *read, images)


def _by_attribute(score, asked, train, details):
    """Agreement by attribute, in the mean, and of all attributes at once."""
    drawn, real = asked.shows(asked.drawn), asked.shows(asked.real)
    found, values = [], []
    for i, name in enumerate(asked.names):
        rows = asked.told[:, i]
        if not rows.all():
            details[f"samples of agreement-{name}"] = int(rows.sum())
        values.append((drawn[rows, i].mean(), float(real[rows, i].mean())))
        found.append(score(f"agreement-{name}", values[-1][0], None, values[-1][1]))
    if len(asked.names) == 1:
        return found
    mean, floor = np.mean(values, 0)
    found.append(score("agreement-mean", mean, None, float(floor)))
    own, known = _combinations(asked, train)
    seen = np.isin(own, known)
    for name, rows in (("joint", seen), ("joint-unseen", ~seen)):
        details[f"samples of agreement-{name}"] = int(rows.sum())
        if rows.any():
            values = drawn[rows].all(1).mean(), real[rows].all(1).mean()
            found.append(score(f"agreement-{name}", values[0], None, float(values[1])))
    return found


def _combinations(asked, train):
    """A number for the combination of each example that is asked for, and of training."""
    both = [
        np.stack([data.attributes[name].values for name in asked.names], 1)
        for data in (asked.data, train)
    ]
    # Of many attributes there are more combinations than an integer holds.
    _, numbers = np.unique(np.concatenate(both), axis=0, return_inverse=True)
    return np.split(numbers.reshape(-1), [len(both[0])])


def _word_order(score, asked, details):
    """Of two attributes with the same options: how often they are not exchanged.

    Of the samples that show the two options that were asked for, in either order. A
    generator that does not read the order of the words is right half of the time.
    """
    found = []
    for i, j in itertools.combinations(range(len(asked.names)), 2):
        first, second = (asked.data.attributes[asked.names[k]] for k in (i, j))
        if first.options != second.options:
            continue
        wanted = asked.wanted[:, [i, j]]
        apart = (wanted[:, 0] != wanted[:, 1]) & asked.told[:, [i, j]].all(1)
        name, values = f"word_order-{asked.names[i]}-{asked.names[j]}", []
        for read in (asked.drawn[:, [i, j]], asked.real[:, [i, j]]):
            right = (apart & (read == wanted).all(1)).sum()
            exchanged = (apart & (read == wanted[:, ::-1]).all(1)).sum()
            if right + exchanged >= LEAST_ORDERED:
                values.append(float(right / (right + exchanged)))
        if len(values) == 2:
            found.append(score(name, values[0], None, values[1]))
        else:
            details[name] = (
                f"not measured: fewer than {LEAST_ORDERED} samples show both"
            )
    return found


def _variety(score, source, asked, train, details, seed):
    """The variance of samples of one caption over that of real images that it fits."""
    own, known = _combinations(asked, train)
    numbers, counts = np.unique(known, return_counts=True)
    often = dict(zip(numbers, counts, strict=True))
    # The first example of each combination, those with the most real images first.
    _, first = np.unique(own, return_index=True)
    first = [row for row in first if often.get(own[row], 0) > 1]
    first.sort(key=lambda row: (-often[own[row]], row))
    rows = np.array(first[:VARIED], int)
    if len(rows) < LEAST_VARIED:
        details["variety"] = "not measured: hardly two real images show the same"
        return []
    images = draw(source, asked.data.part(np.repeat(rows, EACH)), seed + 1)
    drawn = [_spread(some) for some in np.split(images, len(rows))]
    real = [_spread(train["real"][known == own[row]]) for row in rows]
    return [score("variety", np.sum(drawn) / np.sum(real), None, 1.0)]


def _spread(images):
    """The sum over the pixels of their variance."""
    return float(np.var(images / np.float32(255), axis=0, ddof=1).sum())


def _recall(score, images, data, asked, reference, details, log):
    """R@1 of 100 by a matcher that the generator has never met."""
    captions = says = data["caption"]
    if asked:  # what a caption does not tell makes it no other one
        says = np.where(asked.told, asked.wanted, -1)
        told = f"captions that tell the same {', '.join(asked.names)} count as one"
        details["R@1 of 100, where"] = told
    groups = np.unique(says, axis=0, return_inverse=True)[1].reshape(-1)
    rows = evenly(np.arange(len(data)), RANKED)
    train = reference.train
    if not takes(images.shape[1:3]):
        return []
    matcher = metrics.fit_matcher(
        train["real"],
        train["caption"],
        train.fields["caption"].kind.size,
        cache=reference.cache,
        updates=reference.updates,
        log=log,
    )
    vectors = matcher.captions(captions[rows])
    values = []
    try:
        for shown in (images[rows], data["real"][rows]):
            own = matcher.images(shown)
            values.append(metrics.recall(own, vectors, groups[rows]))
    except ValueError as error:
        details["R@1 of 100"] = f"not measured: {error}"
        return []
    return [score("R@1 of 100", values[0], None, values[1])]
