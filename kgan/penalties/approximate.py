"""R1 and R2 without a gradient of a gradient (Lin 2025, APT)."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from kgan.errors import UserError
from kgan.keras_private import layers_within
from kgan.penalties.gradient import Penalty, check_unmixed, register
from kgan.randomness import normal
from kgan.schedules import Schedule
from kgan.typing import Number, Seed, Tensor


@register
class R1Approximate(Penalty):
    """The penalty gamma/2 E[((D(x) - D(x + sigma e)) / sigma)^2] on real data, e ~ N(0, I).

    Lin 2025, with lambda = gamma / (2 sigma^2). For a small sigma its mean is that of R1
    with the same gamma. It takes two more forward passes instead of a gradient of a
    gradient, which is dear, and which some layers lack.

    Args:
        weight: gamma, a number or a `Schedule`.
        interval: take the penalty at every `interval`-th ascent.
        deviation: sigma, in units of [-1, 1].
    """

    name = "r1_approximate"
    side: str = "real"
    compares = True

    def __init__(
        self,
        weight: float | Schedule = 10.0,
        interval: int = 1,
        deviation: float = 0.01,
    ) -> None:
        super().__init__(weight, interval)
        self.deviation = deviation

    def check(self, discriminator: keras.Model) -> None:
        """Checks that answers for like inputs of a D can be compared.

        Raises:
            UserError: D has batch norm, dropout or spectral norm, or computes in half
                precision.
        """
        check_unmixed(self.name, discriminator)
        layers = list(layers_within(discriminator))
        if any(getattr(layer, "rate", 0.0) for layer in layers):
            raise UserError(
                f"penalty={self.name}",
                "it compares two answers of D, and dropout changes each",
                "use `penalty=r1`, or a network without dropout",
            )
        if any("SpectralNorm" in type(layer).__name__ for layer in layers):
            raise UserError(
                f"penalty={self.name}",
                "it compares two answers of D, whose spectral norm changes in between",
                "use `penalty=r1`, or leave `spectral_norm` out",
            )
        if any("float16" in layer.compute_dtype for layer in layers):
            raise UserError(
                f"penalty={self.name}",
                "the difference that it takes is lost to rounding in half precision",
                "use `penalty=r1`, or `precision=float32`",
            )

    def __call__(
        self,
        discriminator: Callable[[Tensor], Tensor],
        real: Tensor,
        fake: Tensor,
        seed: Seed,
        iteration: Number = 0,
    ) -> Tensor:
        x = {"real": real, "fake": fake}[self.side]
        near = x + self.deviation * normal(ops.shape(x), seed)
        change = (discriminator(near) - discriminator(x)) / self.deviation
        change = ops.sum(ops.reshape(change, (ops.shape(change)[0], -1)), axis=1)
        return self.weighted(ops.square(change), iteration)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"deviation": self.deviation}


@register
class R2Approximate(R1Approximate):
    """The same penalty on fakes, in place of R2 (Lin 2025)."""

    name = "r2_approximate"
    side = "fake"
