"""Toy mixtures: data whose modes, or whose very density, are known."""

import dataclasses

import numpy as np
import tensorflow as tf

from kgan.randomness import integers, normal, split, uniform

AT_ONCE = 50  # batches that are drawn together: a draw of few numbers is all overhead


@dataclasses.dataclass(frozen=True)
class Mixture:
    """Equal Gaussians in the plane: `centres` (K, 2), standard deviation `sigma`."""

    centres: np.ndarray
    sigma: float

    def draw(self, size, seed):
        """float32 (size, 2); a function of `seed`, int32 (2,)."""
        which, noise = split(seed, 2)
        chosen = integers((size,), which, len(self.centres))
        centre = tf.gather(tf.constant(self.centres, tf.float32), chosen)
        return centre + self.sigma * normal((size, 2), noise)

    def batches(self, size, seed):
        """An endless data set of {"real": float32 (size, 2)}; step i is a function
        of (seed, i)."""
        return _endless(lambda n, key: {"real": self.draw(n, key)}, size, seed)


def unpaired(source, real, size, seed):
    """As `Mixture.batches`, of two: {"source", "real"}, drawn independently."""

    def draw(n, key):
        first, second = split(key, 2)
        return {"source": source.draw(n, first), "real": real.draw(n, second)}

    return _endless(draw, size, seed)


def _endless(draw, size, seed):
    def some(turn):
        key = tf.stack([tf.cast(seed, tf.int32), tf.cast(turn, tf.int32)])
        drawn = draw(AT_ONCE * size, key)
        return {k: tf.reshape(v, (AT_ONCE, size, 2)) for k, v in drawn.items()}

    data = tf.data.Dataset.range(2**62).map(some, tf.data.AUTOTUNE).unbatch()
    infinite = tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY)
    return data.apply(infinite).prefetch(AT_ONCE)


def ring(sigma=0.01, count=8, radius=1.0):
    """On a circle; 8, on the unit circle, of 0.01 in VEEGAN and PacGAN."""
    angle = 2 * np.pi * np.arange(count) / count
    return Mixture(radius * np.stack([np.cos(angle), np.sin(angle)], 1), sigma)


def grid():
    """25 at {-4, -2, 0, 2, 4} squared, standard deviation 0.05."""
    line = np.arange(-4.0, 5.0, 2.0)
    return Mixture(np.stack(np.meshgrid(line, line), -1).reshape(-1, 2), 0.05)


@dataclasses.dataclass(frozen=True)
class LineMixture:
    """Normal distributions on the line: `parts`, a tuple of (share, centre, sigma).

    Shares are positive and sum to 1. It can be called as a `kgan.priors.Prior`.
    """

    parts: tuple

    def __call__(self, shape, seed, truncation=None):
        shares, centres, sigmas = self._columns("float32")
        which, noise = split(seed, 2)
        ends = tf.constant(np.cumsum(shares)[:-1])
        chosen = tf.reduce_sum(
            tf.cast(uniform(shape, which)[..., None] >= ends, tf.int32), -1
        )
        return tf.gather(centres, chosen) + tf.gather(sigmas, chosen) * normal(
            shape, noise
        )

    def draw(self, size, seed):
        """float32 (size, 1)."""
        return self((size, 1), seed)

    def density(self, x):
        """sum_k share_k N(x; centre_k, sigma_k^2), of the shape of `x`, per unit of x."""
        shares, centres, sigmas = self._columns("float64")
        away = (np.asarray(x)[..., None] - centres) / sigmas
        return np.sum(
            shares * np.exp(-0.5 * away**2) / (sigmas * np.sqrt(2 * np.pi)), -1
        )

    def _columns(self, dtype):
        return np.array(self.parts, dtype).T
