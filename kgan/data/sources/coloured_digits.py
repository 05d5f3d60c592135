"""Coloured digits with captions: pictures off which one can read what they show.

A digit in an ink of seven colours lies on a paper of another of these colours, and a
caption says so. A fifth of the 420 combinations of digit, ink and paper never occurs in
training. What example i shows is a function of the split and of i alone.
"""

import functools
import itertools
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kgan.data.attributes import Attribute
from kgan.data.dataset import Dataset
from kgan.data.decoding.picture import Transform, fitted
from kgan.data.decoding.size import Shape
from kgan.data.kinds import Image, Label
from kgan.data.kinds.tokens import Tokens, words
from kgan.data.sources.arrays import one_group
from kgan.data.sources.digits import SPLITS
from kgan.sizes import Size
from kgan.typing import Log

PALETTE = {
    "red": (225, 25, 35),
    "orange": (245, 135, 20),
    "yellow": (250, 240, 50),
    "green": (40, 160, 70),
    "blue": (35, 75, 215),
    "purple": (140, 55, 175),
    "white": (250, 250, 250),
}
COLOURS = np.array([*PALETTE.values()], np.float32)
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEMPLATES = (
    "a {ink} {digit} on {paper}",
    "{digit}, drawn in {ink}, the background {paper}",
    "{paper} picture with a {ink} {figure}",
    "the digit {figure} in {ink} over {paper}",
    "{paper} paper with a {digit} written in {ink}",
    "on {paper}: the {ink} number {figure}",
)
SIDE = 32
FRAME = 3 / SIDE  # of a side: so far from the edge, no digit reaches
FAR = 0.7  # of the largest distance from the paper: what is farther away is ink
TOGETHER = 4096  # pictures that are painted at once, in float32


class Origin(NamedTuple):
    """The grey digits that are coloured.

    Attributes:
        dataset: their name.
        told: their name in a description.
        share: what a grey picture takes of the side of a coloured one.
        times: how often each is coloured.
    """

    dataset: str
    told: str
    share: float
    times: int


# The digits of scikit-learn fill their pictures, and are few.
ORIGINS = {
    "coloured_digits": Origin("digits", "digits of scikit-learn", 22 / SIDE, 8),
    "coloured_mnist": Origin("mnist", "digits of MNIST", 28 / SIDE, 1),
}


def coloured(name: str, grey: Dataset, split: str, shape: Shape, log: Log) -> Dataset:
    """Returns digits in colour: the fields "real", "caption" and "label", the digit.

    Args:
        name: of `ORIGINS`.
        grey: the digits of its origin.
        split: "train" has no combination that `is_held_out`; "test" has all.
        shape: the size of the pictures; 32 by default.
        log: called with a line about another size.
    """
    origin, side = ORIGINS[name], Size(SIDE, SIDE)
    size = shape.chosen([side])
    shape.announce(name, [side], size, log)
    digit = np.repeat(grey["label"], origin.times)
    chance = np.random.default_rng([0, tuple(SPLITS).index(split)])
    ink, paper, texts = _drawn(digit, chance.random((len(digit), 2)), split)
    sketches = _placed(grey["real"], size, origin.share)
    pixels = _painted(sketches, np.arange(len(digit)) // origin.times, ink, paper)
    colours, (kind, length) = tuple(PALETTE), _language()
    columns = {
        "real": (pixels, Image()),
        "caption": (kind.encode(texts, length), kind),
        "label": (digit, Label()),
    }
    attributes = {
        "digit": Attribute(NAMES, digit),
        "ink": Attribute(colours, ink),
        "paper": Attribute(colours, paper),
    }
    return one_group(
        name,
        columns,
        classes=grey.classes,
        text=_told(origin, len(grey), pixels, split),
        attributes=attributes,
        readers={"ink": read_ink, "paper": read_paper},
    )


def is_held_out(digit: ArrayLike, ink: np.ndarray, paper: np.ndarray) -> np.ndarray:
    """Whether combinations never occur in training, (n,): a Latin square chooses them.

    Every two of digit, ink and paper still occur together. Of each pair of colours two
    digits are held out.
    """
    return (np.asarray(digit) + 2 * ink + (paper - ink) % len(PALETTE)) % 5 == 0


def caption(digit: int, ink: int, paper: int, template: int = 0) -> str:
    """Returns a caption, such as "a red seven on blue", by numbers of `TEMPLATES`."""
    colours = [*PALETTE]
    text = TEMPLATES[template].format(
        digit=NAMES[digit], figure=digit, ink=colours[ink], paper=colours[paper]
    )
    # "a one", as it is spoken.
    return re.sub(r"\ba (?=[aeiou])(?!one\b)", "an ", text)


def read_paper(pixels: np.ndarray) -> np.ndarray:
    """Returns the colour of the paper of pictures, uint8 (n, H, W, 3), as int32 (n,).

    It is the colour of `PALETTE` that is nearest to the median of the outer frame.
    """
    return _nearest(_paper(pixels))


def read_ink(pixels: np.ndarray) -> np.ndarray:
    """Returns the colour of the ink of pictures, uint8 (n, H, W, 3), as int32 (n,).

    It is the colour of `PALETTE` that is nearest to the median of all pixels whose
    distance from the paper is more than `FAR` of the largest.
    """
    found = []
    for picture, paper in zip(pixels.astype(np.float32), _paper(pixels), strict=True):
        away = np.linalg.norm(picture - paper, axis=-1)
        found.append(np.median(picture[away >= FAR * away.max()], axis=0))
    return _nearest(np.stack(found))


def _paper(pixels):
    """The median of the outer frame of each picture, (n, 3)."""
    height, width = pixels.shape[1:3]
    inside = np.zeros((height, width), bool)
    rows, columns = (max(1, round(FRAME * side)) for side in (height, width))
    inside[rows:-rows, columns:-columns] = True
    return np.median(pixels[:, ~inside], axis=1)


def _nearest(colours):
    away = np.linalg.norm(colours[:, None] - COLOURS, axis=-1)
    return away.argmin(1).astype(np.int32)


def _drawn(digit, chance, split):
    """(inks, papers, captions) of digits (n,), by numbers in [0, 1), (n, 2)."""
    pairs = np.array([(i, p) for i in range(7) for p in range(7) if i != p], np.int32)
    allowed = [
        pairs[~is_held_out(d, *pairs.T)] if split == "train" else pairs
        for d in range(len(NAMES))
    ]
    inks, papers, texts = [], [], []
    for d, (which, worded) in zip(digit.tolist(), chance, strict=True):
        ink, paper = allowed[d][int(which * len(allowed[d]))].tolist()
        inks.append(ink)
        papers.append(paper)
        texts.append(caption(d, ink, paper, int(worded * len(TEMPLATES))))
    return np.array(inks, np.int32), np.array(papers, np.int32), texts


def _placed(grey, size, share):
    """Grey pictures in the middle of larger ones, uint8 (n, H, W, 1)."""
    inner = Size(*(round(share * side) for side in size))
    small = fitted(grey, Transform(inner, 1, "pad"))
    placed = np.zeros((len(grey), *size, 1), np.uint8)
    top, left = ((one - own) // 2 for one, own in zip(size, inner, strict=True))
    placed[:, top : top + inner.height, left : left + inner.width] = small
    return placed


def _painted(sketches, rows, ink, paper):
    """The sketches of these rows in ink on paper, uint8 (n, H, W, 3)."""
    pixels = np.empty((len(rows), *sketches.shape[1:3], 3), np.uint8)
    for start in range(0, len(rows), TOGETHER):
        some = slice(start, start + TOGETHER)
        low, high = (COLOURS[one[some], None, None] for one in (paper, ink))
        strength = sketches[rows[some]].astype(np.float32) / 255
        pixels[some] = np.round(low + strength * (high - low))
    return pixels


def _told(origin, count, pixels, split):
    times = f", each {origin.times} times" if origin.times > 1 else ""
    return (
        f"{len(pixels):,} {Image().describe(pixels.shape[1:])} with captions, made of the "
        f"{count:,} {origin.told}{times}, in {336 if split == 'train' else 420} "
        "combinations of digit, ink and paper"
    )


@functools.cache
def _language():
    """(the `Tokens` of all captions, the number of words of the longest)."""
    numbers = itertools.product(range(10), range(7), range(len(TEMPLATES)))
    texts = [caption(digit, one, one, template) for digit, one, template in numbers]
    return Tokens.fitted(texts), max(map(len, words(texts)))
