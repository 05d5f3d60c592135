"""pix2pix (Isola 2017): outlines become pictures, taught by pairs.

bin/train_gan --variant=pix2pix
bin/train_gan --variant=pix2pix --dataset=facades --direction=BtoA \
    --config.image_size=256 --config.width=64 --config.batch_size=1 \
    --config.jitter=0.117 --config.flip --config.epochs=200
Digits, the first command: 455 s on 2 cores that other programs kept busy; in training,
G(x) ends 4.1 % of the range away from y.
"""

from dataclasses import dataclass
from typing import ClassVar

from kgan.config import check
from kgan.configs import translation
from kgan.models import Pix2Pix


@dataclass(frozen=True)
class Config(translation.Config):
    """Adds the weights of the terms.

    l1_weight: lambda, of the distance from the target.
    adversarial_weight: of what the discriminator tells; 0 leaves the distance alone.
    """

    paired: ClassVar[bool] = True

    objective: str = "nonsaturating"
    network: str = "unet"
    width: int = 16
    batch_size: int = 16
    updates: int = 900
    l1_weight: float = 100.0
    adversarial_weight: float = 1.0

    def __post_init__(self):
        super().__post_init__()
        weights = ("l1_weight", "adversarial_weight")
        check(self, *((name, 0.0, 1e6) for name in weights))


def build(config, shape, classes):
    """A compiled game for target images of `shape`, (H, W, C)."""
    source = (*shape[:2], config.source_channels)
    mine, game_rules = translation.rules(config)
    game = Pix2Pix(
        translation.generator(config, source, shape[-1]),
        translation.discriminator(config, (*shape[:2], source[-1] + shape[-1])),
        l1_weight=config.l1_weight,
        adversarial_weight=config.adversarial_weight,
        **mine,
        **game_rules,
    )
    game.compile(*translation.optimizers(config))
    return game
