"""A search for latents: codes that move downhill on what a loss says of their images."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from kgan.typing import Tensor, Tensors

if TYPE_CHECKING:
    from kgan.models import GAN


def pictures(game: "GAN", latent: Tensors) -> np.ndarray:
    """Returns what G makes of latents, float32 (n, H, W, C), within [0, 1] as if stored."""
    made = tf.cast(game.sampler(latent, training=False), tf.float32)
    return np.clip((made.numpy() + 1) / 2, 0, 1)


@dataclasses.dataclass(frozen=True)
class Rule:
    """The rule by which the codes of a descent move.

    Attributes:
        optimizer: makes the Keras optimizer.
        rate: (the share of the steps that is done, in [0, 1)) -> its learning rate.
    """

    optimizer: Callable[[], keras.Optimizer]
    rate: Callable[[float], float]


# The rate falls to 0 along half a cosine.
ADAM = Rule(keras.optimizers.Adam, lambda done: 0.05 * (1 + np.cos(np.pi * done)))
INERTIA = 0.7  # what is kept of the last move of MOMENTUM
# Defense-GAN's. Its rate is 10 for pixels in [0, 1], where the slope of the squared error
# is a quarter of that in [-1, 1].
MOMENTUM = Rule(
    lambda: keras.optimizers.SGD(momentum=INERTIA),
    lambda done: 2.5 if done < 0.8 else 0.25,
)


def squared_error(made: Tensor, x: Tensor) -> Tensor:
    """Returns the mean squared error of each image, (n,), of pixels in [-1, 1]."""
    return tf.reduce_mean(tf.square(made - x), (1, 2, 3))


class Descent:
    """Moves the codes of a fixed number of pictures; it is compiled once.

    Args:
        game: a game.
        rows: pictures at the most.
        rule: how codes move.
        loss: (what G makes, what it is compared with) -> a loss for each picture, (n,).
    """

    def __init__(
        self,
        game: "GAN",
        rows: int,
        rule: Rule = ADAM,
        loss: Callable[[Tensor, Any], Tensor] = squared_error,
    ) -> None:
        self.game, self.rows, self.rule, self.loss = game, rows, rule, loss
        width = game.generator.input["z"].shape[-1]
        self.z = keras.Variable(np.zeros((rows, width), "float32"), name="z")
        self.optimizer: Any = rule.optimizer()
        self.optimizer.build([self.z])
        self.fresh = [np.array(one) for one in self.optimizer.variables]

    def __call__(
        self, target: Any, latent: Tensors, steps: int
    ) -> tuple[Tensors, np.ndarray]:
        """Returns the best latents of a descent, and their losses.

        All but z stays what it is.

        Args:
            target: what the loss compares with: pictures as networks take them,
                (n, H, W, C), or a dict of tensors (n, ...); n up to `rows`.
            latent: where to start, (n, ...).
            steps: of the descent.

        Returns:
            The latents, and the loss of each, (n,).
        """
        n = len(latent["z"])
        padded = tf.minimum(tf.range(self.rows), n - 1)
        rest = {k: tf.gather(v, padded) for k, v in latent.items() if k != "z"}
        target = tf.nest.map_structure(lambda one: tf.gather(one, padded), target)
        self.z.assign(tf.gather(latent["z"], padded))
        for variable, value in zip(self.optimizer.variables, self.fresh, strict=True):
            variable.assign(value)
        best, least = self.z.value + 0.0, tf.fill([self.rows], float("inf"))
        for number in range(steps):
            self.optimizer.learning_rate = self.rule.rate(number / steps)
            best, least = self.step(target, rest, best, least)
        # The losses of a step are those before its move.
        best, least = self.step(target, rest, best, least)
        return {k: v[:n] for k, v in (rest | {"z": best}).items()}, least[:n].numpy()

    @tf.function
    def step(self, target: Any, rest: Tensors, best: Tensor, least: Tensor):
        """Moves every code once; returns the best codes so far, and their losses."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.z.value)
            made = self.game.sampler(rest | {"z": self.z.value}, training=False)
            losses = self.loss(tf.cast(made, tf.float32), target)
        better = losses < least
        best = tf.where(better[:, None], self.z.value, best)
        self.optimizer.apply([tape.gradient(losses, self.z.value)], [self.z])
        near = self.game.nearest_latents(rest | {"z": self.z.value})
        self.z.assign(near["z"])
        return best, tf.where(better, losses, least)


def best_of(
    search: Descent, target: Tensor, starts: list[Tensors], steps: int
) -> tuple[Tensors, np.ndarray]:
    """Returns the best latents of each picture after a descent from every start.

    Args:
        search: a `Descent` with as many rows as there are pictures times starts.
        target: pictures as networks take them, (n, H, W, C).
        starts: latents (n, ...) each.
        steps: of the descent.

    Returns:
        The latents, and the loss of each, (n,).
    """
    found, _, losses, best = _searched(search, target, starts, steps)
    return _taken(found, best), losses[best]


def best_start(
    search: Descent, target: Tensor, starts: list[Tensors], steps: int
) -> Tensors:
    """Returns the latents from which `best_of` finds the best of each picture."""
    _, every, _, best = _searched(search, target, starts, steps)
    return _taken(every, best)


def _searched(search, target, starts, steps):
    """Descends from every start of each picture.

    Returns: (the latents found, those at the start, the losses, the best row of each
    picture); the rows of the first three are all starts of all pictures.
    """
    n = len(target)
    every = {k: tf.concat([one[k] for one in starts], 0) for k in starts[0]}
    found, losses = search(tf.tile(target, (len(starts), 1, 1, 1)), every, steps)
    best = losses.reshape(len(starts), n).argmin(0) * n + np.arange(n)
    return found, every, losses, best


def _taken(latent, rows):
    return {name: tf.gather(value, rows) for name, value in latent.items()}
