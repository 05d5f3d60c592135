"""The vanilla GAN of Goodfellow 2014 with the dense nets of the lecture notes.

bin/train_gan --variant=gan --dataset=mnist
MNIST with instance_noise=0 and updates=8000: 881 s on 2 busy cores; all ten digits, each
in >= 5.3 % of the samples.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgan.config import Config as Base

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import GAN
    from kgan.networks.sides import Sides


@dataclass(frozen=True)
class Config(Base):
    """The defaults of this variant."""

    batch_size: int = 100
    network: str = "mlp"
    updates: int = 5000
    ema: float = 0.999
    # On few images D else comes to know them by heart.
    instance_noise: float = 0.2


def build(config: Base, spec: "Spec") -> "GAN":
    """Returns a compiled game for data of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import GAN

    game = GAN(
        choices.generator(config, spec),
        choices.discriminator(config, spec),
        **choices.rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game


def drawable(config: Base) -> "Sides":
    """Returns the heights and widths that the networks draw."""
    from kgan.configs import choices

    return choices.drawable(config)
