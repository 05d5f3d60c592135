"""The conditional GAN (Mirza & Osindero 2014): asks for a digit, gets that digit.

bin/train_gan --variant=cgan --dataset=mnist
MNIST: 505 s on 2 busy cores; 97.7 % of the samples carry the asked label.
"""

from dataclasses import dataclass

from kgan.config import Config as Base
from kgan.configs import choices
from kgan.errors import UserError
from kgan.models import CGAN


@dataclass(frozen=True)
class Config(Base):
    network: str = "dcgan"
    width: int = 32
    updates: int = 2800


def build(config, shape, classes):
    """A compiled game for images of `shape`, (H, W, C), with the labels `classes`."""
    if not classes:
        raise UserError(
            "--variant=cgan: the data set has no labels; put the images into one "
            "subfolder per class, or use --variant=dcgan"
        )
    game = CGAN(
        choices.generator(config, shape, len(classes)),
        choices.discriminator(config, shape, len(classes)),
        classes=len(classes),
        **choices.rules(config),
    )
    game.compile(*choices.optimizers(config))
    return game
