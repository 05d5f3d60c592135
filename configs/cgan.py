"""The conditional GAN (Mirza & Osindero 2014): draws the digit that is asked for.

bin/train_gan --variant=cgan --dataset=mnist
MNIST with instance_noise=0 and ema=0: 505 s on 2 busy cores; 97.7 % of the samples carry
the asked label.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgan.config import Conditional
from kgan.config import Config as Base
from kgan.configs import gan
from kgan.errors import UserError

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import CGAN


@dataclass(frozen=True)
class Config(Conditional, Base):
    """The defaults of this variant."""

    network: str = "dcgan"
    width: int = 32
    updates: int = 2800
    ema: float = 0.99
    # On few images D else comes to know them by heart.
    instance_noise: float = 0.2


def build(config: Config, spec: "Spec") -> "CGAN":
    """Returns a compiled game for labelled data of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import CGAN

    classes = spec.classes
    if not classes:
        raise UserError(
            "variant=cgan",
            "the data set has no labels",
            "put the images into one subfolder per class, or use `variant=dcgan`",
        )
    sizes = choices.class_sizes(spec)
    game = CGAN(
        choices.generator(config, spec, sizes),
        choices.discriminator(config, spec, sizes, choices.label_heads(config, sizes)),
        classes=classes,
        label_weight=config.label_weight,
        **choices.rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game


drawable = gan.drawable
