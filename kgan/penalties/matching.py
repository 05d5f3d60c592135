"""The gradient penalty of games of pictures and captions."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.errors import UserError
from kgan.penalties.gradient import Penalty, register, root_of, squared_norms
from kgan.schedules import Schedule, scheduled
from kgan.typing import Number, Seed, Tensor


@register
class MAGP(Penalty):
    """The penalty k E[(|grad_x D(x, t)| + |grad_t D(x, t)|)^p] on real pairs (Tao 2022).

    x is a picture and t the condition that its caption gives: only where both are real
    and match is D made smooth.

    It is called with pairs (x, t) as `real`, and a discriminator (x, condition=t).

    Args:
        weight: k, > 0.
        interval: take the penalty at every `interval`-th ascent.
        power: p, > 0.
    """

    name = "ma_gp"
    of_pairs = True

    def __init__(
        self,
        weight: float | Schedule = 2.0,
        interval: int = 1,
        power: float = 6.0,
    ) -> None:
        super().__init__(weight, interval)
        self.power: float = power

    def check(self, discriminator: keras.Model) -> None:
        super().check(discriminator)
        inputs = discriminator.input
        if not isinstance(inputs, dict) or "condition" not in inputs:
            raise UserError(
                f"penalty={self.name}",
                "is taken on pictures together with their captions",
                "use r1, or `variant=stackgan`",
            )

    def __call__(
        self,
        discriminator: Callable[..., Tensor],
        real: Any,
        fake: Any,
        seed: Seed,
        iteration: Number = 0,
    ) -> Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(real)
            score = ops.sum(discriminator(real[0], condition=real[1]))
        norms = [root_of(squared_norms(one)) for one in tape.gradient(score, real)]
        weight = scheduled(self.weight, iteration) * self.interval
        return weight * sum(norms) ** self.power

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"power": self.power}
