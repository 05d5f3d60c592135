"""Penalties on the gradient of D's score with respect to its input."""

from collections.abc import Callable
from typing import Any, Self

import keras
import tensorflow as tf
from keras import ops

from kgan.errors import UserError
from kgan.keras_private import layers_within
from kgan.randomness import split, uniform
from kgan.replicas import averaged
from kgan.schedules import Schedule, deserialized, scheduled, serialized
from kgan.typing import Number, Seed, Tensor

register: Any = keras.saving.register_keras_serializable("kgan")


class Penalty:
    """Base class of the penalties: `weight` times `measure` of the gradient at `place`.

    Args:
        weight: the paper's lambda or gamma, > 0; a number or a `Schedule`.
        interval: take the penalty at every `interval`-th ascent.
    """

    name: str = "penalty"
    of_scores: bool = False  # whether it is called with D's scores instead
    compares: bool = False  # whether it compares answers to like inputs
    of_pairs: bool = False  # whether it is of pictures and conditions together
    waits: bool = False  # whether replicas wait for each other in it
    where: str = ""  # "real" or "fake", if `place` returns just these

    def __init__(self, weight: float | Schedule = 10.0, interval: int = 1) -> None:
        self.weight: float | Schedule = weight
        self.interval: int = interval

    def check(self, discriminator: keras.Model) -> None:
        """Checks that the penalty can be used with a D.

        Raises:
            UserError: D's batch norm mixes the images of a batch, or D computes in
                float16.
        """
        check_unmixed(self.name, discriminator)
        if any(x.compute_dtype == "float16" for x in layers_within(discriminator)):
            raise UserError(
                f"penalty={self.name}",
                "its inner gradient is not loss-scaled and vanishes in float16",
                "use `precision=mixed_bfloat16` or float32",
            )

    def __call__(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        seed: Seed,
        iteration: Number = 0,
    ) -> Tensor:
        x = self.place(real, fake, seed)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            score = ops.sum(discriminator(x))
        return self.weighted(squared_norms(tape.gradient(score, x)), iteration)

    def weighted(self, squared: Tensor, iteration: Number) -> Tensor:
        """Returns the weighted penalty, (n,), for the gradient's squared norm, (n,)."""
        weight = scheduled(self.weight, iteration) * self.interval
        return weight * self.measure(squared)

    def place(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        """Returns the inputs at which the gradient is taken, (n, ...)."""
        return {"real": real, "fake": fake}[self.where]

    @property
    def at(self) -> str:
        """`where`, or "" if a subclass has a `place` of its own."""
        return self.where if type(self).place is Penalty.place else ""

    def measure(self, squared: Tensor) -> Tensor:
        """Returns the penalty, (n,), for the squared norm of the gradient, (n,)."""
        return 0.5 * squared

    def get_config(self) -> dict[str, Any]:
        return {"weight": serialized(self.weight), "interval": self.interval}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**(config | {"weight": deserialized(config["weight"])}))


@register
class R1(Penalty):
    """The penalty gamma/2 E[|grad D(x)|^2] on real data (Mescheder 2018, Eq. 9)."""

    name = "r1"
    where = "real"


@register
class R2(Penalty):
    """The penalty gamma/2 E[|grad D(G(z))|^2] on fakes (Mescheder 2018, Eq. 10)."""

    name = "r2"
    where = "fake"


@register
class WGANGP(Penalty):
    """The penalty lambda E[(|grad D(x^)| - 1)^2] on lines between real and fake.

    Gulrajani 2017, Eq. 3: x^ = e x + (1 - e) G(z), e ~ U(0, 1) per example.
    """

    name = "wgan_gp"

    def place(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        share = uniform(_one_per_example(real), seed)
        return fake + share * (real - fake)

    def measure(self, squared: Tensor) -> Tensor:
        return ops.square(root_of(squared) - 1.0)


@register
class DRAGAN(WGANGP):
    """The penalty lambda E[(|grad D(x + d)| - 1)^2] near real data (Kodali 2017, Eq. 1).

    As in the authors' code, d is a random share of half the batch's standard
    deviation times U(0, 1) noise.
    """

    name = "dragan"
    waits = True

    def place(self, real: Tensor, fake: Tensor, seed: Seed) -> Tensor:
        first, second = split(seed, 2)
        noise = uniform(ops.shape(real), first)
        share = uniform(_one_per_example(real), second)
        mean = averaged(ops.mean(real))  # of the whole batch, whatever holds its parts
        deviation = ops.sqrt(averaged(ops.mean(ops.square(real - mean))))
        return real + share * 0.5 * deviation * noise


def squared_norms(gradient: Any) -> Tensor:
    """Returns the squared norm of each example's gradient (n, ...), float32 (n,)."""
    gradient = ops.cast(gradient, "float32")
    return ops.sum(ops.square(gradient), axis=list(range(1, len(gradient.shape))))


def check_unmixed(name: str, discriminator: keras.Model) -> None:
    """Raises UserError if batch norm mixes the images of a batch in a D."""
    mixes = keras.layers.BatchNormalization
    if any(isinstance(layer, mixes) for layer in layers_within(discriminator)):
        raise UserError(
            f"penalty={name}",
            "it bounds D's gradient for each image alone, but batch norm mixes the "
            "images of a batch",
            "give D another norm: `discriminator_norm=layer` or none, and in a translation "
            "`norm=instance` or none",
        )


def _one_per_example(x):
    return (ops.shape(x)[0],) + (1,) * (len(x.shape) - 1)


def root_of(squared: Tensor) -> Tensor:
    """Returns the square root, with a slope at 0."""
    return ops.sqrt(squared + 1e-12)
