"""Mixtures of normal distributions, whose modes and density are known."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from kgan.data.dataset import Dataset, Field, Generated
from kgan.data.kinds import Points
from kgan.randomness import integers, normal, split, uniform
from kgan.typing import Dimensions, Seed, Tensor

LENGTH = 12_800  # points that count as one pass over what never ends
HELD_OUT = 1024
UNSEEN = np.array([-1, 0], np.int32)  # no run's seed is negative: it learns from others


@dataclasses.dataclass(frozen=True)
class Mixture:
    """Gaussians of equal weight in the plane, with one standard deviation `sigma`.

    Attributes:
        centres: (K, 2).
        sigma: the standard deviation.
    """

    centres: np.ndarray
    sigma: float

    def draw(self, size: int, seed: Seed) -> Tensor:
        """Draws points, float32 (size, 2), as a function of `seed`, int32 (2,)."""
        which, noise = split(seed, 2)
        chosen = integers((size,), which, len(self.centres))
        centre = tf.gather(tf.constant(self.centres, tf.float32), chosen)
        return centre + self.sigma * normal((size, 2), noise)

    @property
    def text(self) -> str:
        """A description of what is drawn, which the digest of the data contains."""
        return f"{len(self.centres)} normal distributions {self.sigma} {self.centres!r}"


def mixture(of: Mixture, name: str, length: int = LENGTH) -> Dataset:
    """Returns a `Dataset` of points that are drawn from a `Mixture` without end."""
    group = Generated(length, lambda n, seed: {"real": of.draw(n, seed)}, of.text)
    field = Field((of.centres.shape[1],), "float32", Points())
    shown = {"real": of.draw(HELD_OUT, UNSEEN).numpy()}
    held_out = Dataset(name, {"real": field}, (shown,))
    text = f"points of {len(of.centres)} normal distributions, drawn as they are needed"
    return Dataset(name, {"real": field}, (group,), held_out=held_out, text=text)


def ring(sigma: float = 0.01, count: int = 8, radius: float = 1.0) -> Mixture:
    """Returns the `Mixture` on a circle; the defaults are those of VEEGAN and PacGAN."""
    angle = 2 * np.pi * np.arange(count) / count
    return Mixture(radius * np.stack([np.cos(angle), np.sin(angle)], 1), sigma)


def grid() -> Mixture:
    """Returns the `Mixture` of 25 at {-4, -2, 0, 2, 4} squared, deviation 0.05."""
    line = np.arange(-4.0, 5.0, 2.0)
    return Mixture(np.stack(np.meshgrid(line, line), -1).reshape(-1, 2), 0.05)


@dataclasses.dataclass(frozen=True)
class LineMixture:
    """Normal distributions on the line: `parts`, a tuple of (share, centre, sigma).

    Shares are positive and sum to 1. It can be called as a `kgan.priors.Prior`.
    """

    parts: tuple[Any, ...]

    def __call__(
        self, shape: Dimensions, seed: Seed, truncation: float | None = None
    ) -> Tensor:
        shares, centres, sigmas = self._columns("float32")
        which, noise = split(seed, 2)
        ends = tf.constant(np.cumsum(shares)[:-1])
        chosen = tf.reduce_sum(
            tf.cast(tf.expand_dims(uniform(shape, which), -1) >= ends, tf.int32), -1
        )
        return tf.gather(centres, chosen) + tf.gather(sigmas, chosen) * normal(
            shape, noise
        )

    def draw(self, size: int, seed: Seed) -> Tensor:
        """Draws numbers, float32 (size, 1), as a function of `seed`, int32 (2,)."""
        return self((size, 1), seed)

    def density(self, x: ArrayLike) -> np.ndarray:
        """Returns sum_k share_k N(x; centre_k, sigma_k^2), of the shape of `x`."""
        shares, centres, sigmas = self._columns("float64")
        away = (np.asarray(x)[..., None] - centres) / sigmas
        return np.sum(
            shares * np.exp(-0.5 * away**2) / (sigmas * np.sqrt(2 * np.pi)), -1
        )

    def _columns(self, dtype):
        return np.array(self.parts, dtype).T
