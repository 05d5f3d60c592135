"""Tinted pictures: grey ones in one of eight tints, which can be read off them.

They are prototypes of a small shop: a garment (or a digit) on black, in a tint. A fifth of
the combinations of class and tint never occurs in training. The tint of example i is a
function of the split, of i and of its class alone.
"""

import numpy as np
from numpy.typing import ArrayLike

from kgan.data.attributes import Attribute
from kgan.data.dataset import Dataset
from kgan.data.kinds import Image, Label
from kgan.data.sources.arrays import one_group
from kgan.data.sources.conditions import CLASS
from kgan.data.sources.digits import SPLITS

# The names of the sets, and the grey pictures that are tinted.
ORIGINS = {"tinted_digits": "digits", "tinted_fashion": "fashion_mnist"}
# The largest part of each is as large, so that it tells the grey, and not the tint.
LARGEST = 245
PALETTE = {
    "red": (LARGEST, 45, 45),
    "orange": (LARGEST, 140, 30),
    "yellow": (LARGEST, 230, 50),
    "green": (70, LARGEST, 95),
    "turquoise": (55, 235, LARGEST),
    "blue": (65, 95, LARGEST),
    "pink": (LARGEST, 85, 195),
    "white": (LARGEST, LARGEST, LARGEST),
}
COLOURS = np.array([*PALETTE.values()], np.float32)
DIRECTIONS = COLOURS / np.linalg.norm(COLOURS, axis=-1, keepdims=True)
TOGETHER = 4096  # pictures that are read at once, in float32


def tinted(name: str, drawn: Dataset, split: str) -> Dataset:
    """Returns pictures in tints: the fields "real" and "label", the class.

    A pixel is its grey, as a share of 255, of the tint. The attributes are "class" and
    "tint".

    Args:
        name: of `ORIGINS`.
        drawn: the grey pictures of its origin, one channel, with labels.
        split: "train" has no combination that `is_held_out`; "test" has all.
    """
    labels = np.asarray(drawn["label"], np.int32)
    chance = np.random.default_rng([1, tuple(SPLITS).index(split)]).random(len(labels))
    tint = _drawn(labels, chance, split)
    pixels = np.empty((*drawn["real"].shape[:3], 3), np.uint8)
    for number, colour in enumerate(COLOURS):
        rows = tint == number
        pixels[rows] = np.round(drawn["real"][rows] / np.float32(255) * colour)
    count = len(drawn.classes) * len(PALETTE)
    if split == "train":
        count -= len(held_out(len(drawn.classes)))
    kind = Image()
    return one_group(
        name,
        {"real": (pixels, kind), "label": (labels, Label())},
        classes=drawn.classes,
        text=f"{len(pixels):,} {kind.describe(pixels.shape[1:])}, those of {drawn.name} in "
        f"{count} combinations of class and tint",
        attributes={
            CLASS: Attribute(drawn.classes, labels),
            "tint": Attribute(tuple(PALETTE), tint),
        },
        readers={"tint": read_tint},
        # Without it, a classifier learns which classes a tint lacks.
        views={CLASS: grey},
    )


def is_held_out(label: ArrayLike, tint: ArrayLike) -> np.ndarray:
    """Whether combinations never occur in training, (n,): a Latin square chooses them.

    Every class lacks one or two tints, and every tint two classes of ten.
    """
    return (np.asarray(label) + np.asarray(tint)) % 5 == 0


def held_out(classes: int) -> list[tuple[int, int]]:
    """Returns the combinations (class, tint) that never occur in training."""
    pairs = np.ndindex(classes, len(PALETTE))
    return [pair for pair in pairs if is_held_out(*pair)]


def read_tint(pixels: np.ndarray) -> np.ndarray:
    """Returns the tint of pictures, uint8 (n, H, W, 3), as int32 (n,).

    Each pixel votes for the tint of the nearest hue, that is of the smallest angle from
    its colour, with a weight of its brightness: dark red counts as red, and black not at
    all.
    """
    found = np.empty(len(pixels), np.int32)
    for start in range(0, len(pixels), TOGETHER):
        some = pixels[start : start + TOGETHER]
        some = some.reshape(len(some), -1, 3).astype(np.float32)
        nearest = (some @ DIRECTIONS.T).argmax(-1)
        weights = np.linalg.norm(some, axis=-1)
        votes = [(weights * (nearest == k)).sum(1) for k in range(len(PALETTE))]
        found[start : start + TOGETHER] = np.argmax(votes, 0)
    return found


def grey(pixels: np.ndarray) -> np.ndarray:
    """Returns pictures in any tint as grey ones, uint8 (n, H, W, 1)."""
    return pixels.max(-1, keepdims=True)


def _drawn(labels, chance, split):
    """The tints of labels (n,), by numbers in [0, 1), (n,)."""
    tints = np.arange(len(PALETTE), dtype=np.int32)
    found = np.empty(len(labels), np.int32)
    for label in np.unique(labels):
        kept = tints[~is_held_out(label, tints)] if split == "train" else tints
        rows = labels == label
        found[rows] = kept[(chance[rows] * len(kept)).astype(int)]
    return found
