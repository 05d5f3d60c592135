"""Projection onto what a generator makes, a defence against adversarial examples.

Defense-GAN (Samangouei 2018) is inversion with restarts: what is not in the range of G,
such as a perturbation, is lost, and a classifier sees the rest.
"""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from kgan.applications import inversion
from kgan.applications.descent import MOMENTUM, Descent, best_of, pictures
from kgan.typing import Tensor, Tensors

if TYPE_CHECKING:
    from kgan.models import GAN

RESTARTS, STEPS = 10, 200  # Defense-GAN's, for MNIST


@dataclasses.dataclass(frozen=True)
class Projected:
    """The images of G nearest to some images.

    Attributes:
        images: float32 (n, H, W, C) in [0, 1].
        errors: mean squared error of each, (n,).
        latent: the inputs of G, name -> (n, ...).
    """

    images: np.ndarray
    errors: np.ndarray
    latent: Tensors


class Projection:
    """Replaces images by the nearest ones that a generator makes (Samangouei 2018, Eq. 3).

    From each of some codes near the middle of the prior, a descent with momentum lowers
    the mean squared error of an image; the best of them is taken. Of a game with labels
    every label is tried.

    Args:
        game: a game that makes images from noise.
        restarts: R, the codes that are tried for each image and label.
        steps: L, of each descent.
        rows: images that are projected together; fewer take as long as so many.

    Raises:
        UserError: the game cannot be inverted, or has too many labels to try.
    """

    def __init__(
        self,
        game: "GAN",
        restarts: int = RESTARTS,
        steps: int = STEPS,
        rows: int = inversion.BATCH,
    ) -> None:
        inversion.check_game(game)
        self.game, self.restarts, self.steps = game, restarts, steps
        self.starts = inversion.starts_of(game, restarts)
        self.size = max(1, min(rows, inversion.BATCH // len(self.starts)))
        self.search = Descent(game, self.size * len(self.starts), MOMENTUM)
        # Uniform numbers within this bound have Defense-GAN's variance, 1 / d.
        self.near = (3 / game.generator.input["z"].shape[-1]) ** 0.5

    def __call__(self, x: np.ndarray | Tensor, seed: int = 0) -> Projected:
        """Projects images, float32 (n, H, W, C) in [0, 1]; `seed` draws the codes."""
        parts = [
            self._part(tf.cast(x[begin : begin + self.size], tf.float32), seed)
            for begin in range(0, len(x), self.size)
        ]
        images, errors, latents = zip(*parts, strict=True)
        latent = {k: tf.concat([one[k] for one in latents], 0) for k in latents[0]}
        return Projected(np.concatenate(images), np.concatenate(errors), latent)

    def drawn(self, n: int, seed: int) -> list[Tensors]:
        """Returns the latents from which each of `n` images is searched, (n, ...) each."""
        return [
            inversion.drawn(self.game, n, (seed, number), fixed, self.near)
            for fixed, number in self.starts
        ]

    def _part(self, x, seed):
        drawn = self.drawn(len(x), seed)
        latent, _ = best_of(self.search, 2 * x - 1, drawn, self.steps)
        images = pictures(self.game, latent)
        return images, np.square(images - x.numpy()).mean((1, 2, 3)), latent
