"""The values V(D, G) that D raises and G lowers, as each paper writes them.

D answers with a score: a logit for the logistic games, a number without
bounds for critics. Scores have shape (batch, ...) and every method returns
one value per score, so a patch discriminator needs nothing special.

Example:
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8),
        mlp.discriminator((8, 8, 1), width=8),
        objective=kgan.objectives.Hinge(),
    )
"""

import math
from typing import Any, Self

import keras
from keras import ops

from kgan.typing import Tensor, Tensors

register: Any = keras.saving.register_keras_serializable("kgan")


class Objective:
    """Base class of the objectives: D minimises -V, G minimises V.

    A subclass defines `value` and `generator`; it overrides `discriminator` only where
    its paper gives D another loss than -V.

    Attributes:
        name: as configurations have it; "" for one of your own.
        equilibrium: V of the best D where real and generated data are equal in
            distribution.
        relative: whether G's loss needs the scores of real data.
        has_target: whether D's loss has a target that can be smoothed; its class then
            takes `smoothing`.
        needs_lipschitz: whether something else has to keep D Lipschitz, such as a
            penalty.
        readings: names of the three values that `diagnostics` returns.
        accuracies: names of the values that `accuracy` returns.
        threshold: the score above which data counts as real.
    """

    name: str = ""
    equilibrium: float = 0.0
    relative: bool = False
    has_target: bool = False
    needs_lipschitz: bool = False
    readings: tuple[str, ...] = ("critic(x)", "critic(G(z))", "V(D,G)")
    accuracies: tuple[str, ...] = ("D/accuracy_real", "D/accuracy_fake")
    threshold: float = 0.0

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns V for the scores of real data and of fakes, one value per score."""
        raise NotImplementedError

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Returns the loss of D, one value per score."""
        return -self.value(real, fake)

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        """Returns the loss of G; `real` is None unless the objective is `relative`."""
        raise NotImplementedError

    def diagnostics(self, real: Tensor, fake: Tensor) -> Tensors:
        """Returns what the logs show of the scores: name -> values, one per score."""
        return dict(
            zip(self.readings, (real, fake, self.value(real, fake)), strict=True)
        )

    def accuracy(self, real: Tensor, fake: Tensor) -> Tensors:
        """Returns where D is right, on real data and on fakes: name -> booleans."""
        told = real > self.threshold, fake <= self.threshold
        return dict(zip(self.accuracies, told, strict=True))

    def get_config(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**config)


@register
class Minimax(Objective):
    """V = E[log D(x)] + E[log(1 - D(G(z)))], D = sigmoid(score) (Goodfellow 2014, Eq. 1).

    Args:
        smoothing: one-sided label smoothing s (Salimans 2016, section 3.4): D's
            target for real data is 1 - s, for fakes it stays 0. 0 <= s < 0.5.
    """

    name = "minimax"
    equilibrium = -math.log(4)
    has_target = True
    readings = ("D(x)", "D(G(z))", "V(D,G)")

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = smoothing

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        return ops.log_sigmoid(real) + ops.log_sigmoid(-fake)

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        # s log D(x) - s log(1 - D(x)) = s * score: what the smoothed target adds.
        return self.smoothing * real - self.value(real, fake)

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return ops.log_sigmoid(-fake)

    def diagnostics(self, real: Tensor, fake: Tensor) -> Tensors:
        return super().diagnostics(real, fake) | {
            "D(x)": ops.sigmoid(real),
            "D(G(z))": ops.sigmoid(fake),
        }

    def get_config(self) -> dict[str, Any]:
        return {"smoothing": self.smoothing}


@register
class NonSaturating(Minimax):
    """Minimax for D; G raises log D(G(z)) instead (Goodfellow 2014, section 3).

    Near D(G(z)) = 0 the slope of log(1 - D) is flat and that of log D is steep:
    G learns although D wins.
    """

    name = "nonsaturating"

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -ops.log_sigmoid(fake)


@register
class LeastSquares(Objective):
    """V = -1/2 E[(D(x) - 1)^2] - 1/2 E[D(G(z))^2]; G: 1/2 E[(D(G(z)) - 1)^2].

    Mao 2017, Eq. 9 (a=0, b=c=1). The score itself estimates the probability
    that x is real, so it is read as D(x) though nothing bounds it.

    Args:
        smoothing: one-sided label smoothing, 0 <= s < 0.5.
    """

    name = "least_squares"
    equilibrium = -0.25
    has_target = True
    readings = Minimax.readings
    threshold = 0.5

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = smoothing

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        return -0.5 * (ops.square(real - 1.0) + ops.square(fake))

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        target = 1.0 - self.smoothing
        return 0.5 * (ops.square(real - target) + ops.square(fake))

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return 0.5 * ops.square(fake - 1.0)

    def get_config(self) -> dict[str, Any]:
        return {"smoothing": self.smoothing}


@register
class Wasserstein(Objective):
    """V = E[C(x)] - E[C(G(z))] over 1-Lipschitz critics C (Arjovsky 2017, Eq. 2).

    Needs something that keeps C Lipschitz: weight clipping, a gradient penalty
    or spectral normalisation.
    """

    name = "wasserstein"
    needs_lipschitz = True
    accuracies = ()  # a critic compares: no score of its own is that of real data

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        return real - fake

    def accuracy(self, real: Tensor, fake: Tensor) -> Tensors:
        return {}

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -fake


@register
class Hinge(Objective):
    """V = E[min(0, C(x) - 1)] + E[min(0, -C(G(z)) - 1)]; G lowers -C(G(z)).

    Lim & Ye 2017; Miyato 2018, Eqs. 16-17.
    """

    name = "hinge"
    equilibrium = -2.0

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        return ops.minimum(0.0, real - 1.0) + ops.minimum(0.0, -fake - 1.0)

    def generator(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -fake


@register
class Relativistic(Objective):
    """V = E[log sigmoid(C(x) - C(G(z)))], real and fake in pairs.

    Jolicoeur-Martineau 2019; Huang 2024 (R3GAN), Eq. 2. Each player follows
    log-sigmoid of the difference in its own favour. D(x) is read as the
    probability that x is the more realistic one of its pair.
    """

    name = "relativistic"
    equilibrium = -math.log(2)
    relative = True
    readings = Minimax.readings

    def value(self, real: Tensor, fake: Tensor) -> Tensor:
        return ops.log_sigmoid(real - fake)

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return -ops.log_sigmoid(fake - real)

    def diagnostics(self, real: Tensor, fake: Tensor) -> Tensors:
        return super().diagnostics(real, fake) | {
            "D(x)": ops.sigmoid(real - fake),
            "D(G(z))": ops.sigmoid(fake - real),
        }

    def accuracy(self, real: Tensor, fake: Tensor) -> Tensors:
        return super().accuracy(real - fake, fake - real)
