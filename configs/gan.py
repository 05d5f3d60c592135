"""The vanilla GAN of Goodfellow 2014 with the dense nets of the lecture notes.

bin/train_gan --variant=gan --dataset=mnist
MNIST: 881 s on 2 busy cores; all ten digits, each in >= 5.3 % of the samples.
"""

from dataclasses import dataclass

from kgan.config import Config as Base
from kgan.configs import choices
from kgan.models import GAN


@dataclass(frozen=True)
class Config(Base):
    batch_size: int = 100
    network: str = "mlp"
    updates: int = 8000
    ema: float = 0.999


def build(config, shape, classes):
    """A compiled game for images of `shape`, (H, W, C); the class names are not used."""
    game = GAN(
        choices.generator(config, shape),
        choices.discriminator(config, shape),
        **choices.rules(config),
    )
    game.compile(*choices.optimizers(config))
    return game
