"""Penalties that are added to D's loss.

Most are on the gradient of D's score with respect to its input. Each of these is called
with (discriminator, real, fake, seed, iteration): `discriminator` is a function from
inputs (n, ...) to scores (n, ...), `real` and `fake` are float32 (n, ...), `seed` is int32
(2,), `iteration` the game's counter, on which a scheduled weight depends. It returns one
value per example, (n,), already weighted. `GradientDifference` is one of G: it is called with a
round, and given to a game as one of `generator_penalties`.

`interval` k > 1 is lazy regularisation (Karras 2020, appendix B): the penalty is taken
at every k-th ascent only, and k times as strong, so that its mean stays the same.

Example:
    game = kgan.GAN(
        mlp.generator(16, (8, 8, 1), width=8),
        mlp.discriminator((8, 8, 1), width=8),
        penalties=[kgan.penalties.R1(0.1, interval=4), kgan.penalties.LeCam()],
    )
"""

from kgan.penalties.approximate import R1Approximate, R2Approximate
from kgan.penalties.frames import GradientDifference
from kgan.penalties.gradient import DRAGAN, R1, R2, WGANGP, Penalty, squared_norms
from kgan.penalties.lecam import LeCam
from kgan.penalties.matching import MAGP

__all__ = [
    "DRAGAN",
    "MAGP",
    "R1",
    "R2",
    "WGANGP",
    "GradientDifference",
    "LeCam",
    "Penalty",
    "R1Approximate",
    "R2Approximate",
    "squared_norms",
]
