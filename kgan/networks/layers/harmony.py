"""A layer that reads intervals and the beginnings of notes off music."""

import itertools
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from kgan.networks.layers.intervals import CLASSES, between, fold
from kgan.typing import Tensor


@keras.saving.register_keras_serializable("kgan")
class Harmony(layers.Layer):
    """What holds in every key: intervals between voices, and where notes begin.

    Of shares of pitches x, (n, T, V, P), number 0 of which is silence, it gives:

    - for each pair of voices (a, b) and each interval i = 0..11, in half tones and octaves
      apart counted as one, its share: sum_p c_a[p] c_b[p + i], with c the shares of the 12
      pitch classes;
    - for each pair, how far a lies above b on the average, in octaves;
    - for each pair and i, the share with which i is kept from the step before while both
      voices move: parallel motion;
    - x_t - x_(t-1), which tells the notes that begin and end at a step; 0 at the first.

    Pitches are counted from the lowest of each voice, so i and the distance are the true
    ones up to a number for each pair. A network that sees pitches alone has to learn each
    chord in every key by itself; MuseGAN's discriminator (Dong 2018) has such streams too,
    of pitch classes and of onsets.

    It returns these as float32 (n, T, 1, F), F = V (V - 1) / 2 * 25 + V P; and how often
    each pair moves in parallel at each i, (n, V (V - 1) / 2 * 12) in [0, T]. In this count
    a share s is max(0, 2 s - 1): what is less likely than not does not count, as voices
    that are not settled move in parallel a little everywhere.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, _, voices, pitches = input_shape
        assert voices and pitches
        self.pairs = [*itertools.combinations(range(voices), 2)]
        self.fold = fold(pitches)
        self.apart = between().reshape(CLASSES**2, CLASSES)
        self.height = np.arange(pitches, dtype="float32") / CLASSES

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = ops.cast(x, "float32")
        counts = ops.zeros((ops.shape(x)[0], 0))
        parts = [_later(x[:, 1:] - x[:, :-1])]
        if self.pairs:
            first, second = self._sides(ops.matmul(x, self.fold))
            both = first[..., :, None] * second[..., None, :]
            flat = ops.reshape(both, (-1, *both.shape[1:3], CLASSES**2))
            intervals = ops.matmul(flat, self.apart)
            high, low = self._sides(ops.sum(x * self.height, axis=-1))
            moves = 1 - ops.sum(x[:, 1:] * x[:, :-1], axis=-1)
            one, other = self._sides(moves)
            kept = intervals[:, 1:] * intervals[:, :-1]
            parallel = _later(kept * ops.expand_dims(one * other, -1))
            parts += [intervals, high - low, parallel]
            likely = ops.sum(ops.relu(2 * parallel - 1), axis=1)
            counts = ops.reshape(likely, (-1, len(self.pairs) * CLASSES))
        rows = [
            ops.reshape(one, (-1, x.shape[1], 1, int(np.prod(one.shape[2:]))))
            for one in parts
        ]
        return ops.concatenate(rows, axis=-1), counts

    def _sides(self, of):
        """The first and the second voice of each pair, of (n, T, V, ...)."""
        return (
            ops.stack([of[:, :, pair[side]] for pair in self.pairs], axis=2)
            for side in (0, 1)
        )

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
        n, steps, voices, pitches = input_shape
        assert voices and pitches
        pairs = voices * (voices - 1) // 2
        features = pairs * (2 * CLASSES + 1) + voices * pitches
        return (n, steps, 1, features), (n, pairs * CLASSES)


def _later(x):
    """Puts a step of zeros before those of x, (n, T, ...)."""
    return ops.pad(x, [(0, 0), (1, 0), *[(0, 0)] * (len(x.shape) - 2)])
