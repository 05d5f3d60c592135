"""Moving digits: clips whose every frame and place is known, made as they are needed.

A digit flies over a black square at a constant speed of a tenth of its free way per
frame, and bounces off the walls (Srivastava 2015). Where two meet, the lighter pixel
counts. Places are not rounded to pixels. A clip is a function of the seed and its
number alone.
"""

import dataclasses
import math
from typing import Any

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset, Field, Generated
from kgan.data.kinds import Frames
from kgan.randomness import integers, split, uniform
from kgan.typing import Seed, Tensor

SHARE = 14 / 32  # of the side of a frame: the side of a digit
SPEED = 0.1  # of the free way, in a frame
LENGTH = 9600  # clips that count as one pass over what never ends
HELD_OUT = 512
UNSEEN = np.array([-1, 0], np.int32)  # no run's seed is negative: it learns from others


@dataclasses.dataclass(frozen=True)
class MovingDigits:
    """Clips of digits that bounce off the walls of a square.

    Attributes:
        digits: uint8 (m, d, d), in grey on black.
        labels: int32 (m,), which digits these are.
        side: of a frame in pixels.
        count: digits in a clip.
        frames: frames of a clip.
    """

    digits: np.ndarray
    labels: np.ndarray
    side: int
    count: int
    frames: int

    def draw(self, n: int, seed: Seed) -> Tensor:
        """Draws clips, uint8 (n, frames, side, side, 1), as a function of the seed."""
        return self.rendered(self.chosen(n, seed), self.places(n, seed))

    def chosen(self, n: int, seed: Seed) -> Tensor:
        """Returns which digits are in the clips of `draw`, int32 (n, count)."""
        return integers((n, self.count), split(seed, 2)[0], len(self.digits))

    def places(self, n: int, seed: Seed) -> Tensor:
        """Returns where the digits of `draw` are, float32 (n, frames, count, 2).

        These are the (y, x) of their upper left corners, in pixels.
        """
        free = self.side - self.digits.shape[1]
        drawn: Any = uniform((n, self.count, 3), split(seed, 2)[1])
        angle = 2 * math.pi * drawn[..., 2]
        speed = SPEED * free * tf.stack([tf.sin(angle), tf.cos(angle)], -1)
        time = tf.reshape(tf.range(self.frames, dtype=tf.float32), (1, -1, 1, 1))
        way = free * drawn[:, None, :, :2] + time * speed[:, None]
        # A way that is folded at the walls goes there and back: a triangle wave.
        return free - tf.abs(way % (2.0 * free) - free)

    def rendered(self, chosen: Any, places: Any) -> Tensor:
        """Returns clips of digits at their places, uint8 (n, frames, side, side, 1)."""
        digits = tf.gather(tf.constant(self.digits, tf.float32), chosen)
        rows, columns = (self._spread(places[..., axis]) for axis in (0, 1))
        each = tf.einsum("ntkyi,nkij,ntkxj->ntkyx", rows, digits, columns)
        frames = tf.round(tf.reduce_max(each, axis=2))
        whole = tf.cast(tf.clip_by_value(frames, 0.0, 255.0), tf.uint8)
        return tf.expand_dims(whole, -1)

    def _spread(self, start):
        """How much of each row of a digit lies in each row of a frame, linearly."""
        own = tf.range(self.digits.shape[1], dtype=tf.float32)
        lies = tf.range(self.side, dtype=tf.float32)[:, None]
        return tf.nn.relu(1.0 - tf.abs(lies - (start[..., None, None] + own)))

    @property
    def text(self) -> str:
        """A description of what is drawn, which the digest of the data contains."""
        sizes = f"{self.side} {self.count} {self.frames} {self.digits.shape}"
        return f"moving digits {sizes} {int(self.digits.astype(np.int64).sum())}"


def moving(made: MovingDigits, unseen: MovingDigits, name: str) -> Dataset:
    """Returns a `Dataset` of clips without end.

    Args:
        made: what is trained on.
        unseen: what is held out: clips of other digits.
        name: of the data set.
    """
    shape = (made.frames, made.side, made.side, 1)
    field = Field(shape, "uint8", Frames())
    group = Generated(LENGTH, lambda n, seed: {"real": made.draw(n, seed)}, made.text)
    shown = {"real": unseen.draw(HELD_OUT, UNSEEN).numpy()}
    held_out = Dataset(name, {"real": field}, (shown,))
    digits = f"{made.count} moving {'digit' if made.count == 1 else 'digits'}"
    text = f"{field.kind.describe(shape)} of {digits}, made as they are needed"
    return Dataset(name, {"real": field}, (group,), held_out=held_out, text=text)
