"""The pix2pix game (Isola 2017): pictures from outlines, learnt from pairs.

bin/train_gan --variant=pix2pix
bin/train_gan --variant=pix2pix --dataset=facades --direction=BtoA \
    --config.image_size=256 --config.width=64 --config.batch_size=1 \
    --config.jitter=0.117 --config.flip --config.epochs=200
Digits, the first command: 455 s on 2 cores that other programs kept busy; in training,
G(x) ends 4.1 % of the range away from y.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Translation
from kgan.configs import cyclegan
from kgan.fields import weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import Pix2Pix


@dataclass(frozen=True)
class Config(Translation):
    """Adds the weights of the terms."""

    paired: ClassVar[bool] = True
    sees_pairs: ClassVar[bool] = True

    objective: str = "nonsaturating"
    network: str = "unet"
    width: int = 16
    batch_size: int = 16
    updates: int = 900
    l1_weight: float = weight(100.0, "lambda, the weight of the distance |y - G(x)|")
    adversarial_weight: float = weight(
        1.0, "weight of the adversarial term of G; 0 leaves only the distance"
    )


def build(config: Config, spec: "Spec") -> "Pix2Pix":
    """Returns a compiled game for the pairs of a `kgan.data.Spec`."""
    from kgan.configs import choices, translation
    from kgan.models import Pix2Pix

    source, shape = spec["source"].shape, spec.shape
    mine, game_rules = translation.rules(config)
    game = Pix2Pix(
        translation.generator(config, source, shape[-1]),
        translation.discriminator(config, (*shape[:2], source[-1] + shape[-1])),
        l1_weight=config.l1_weight,
        adversarial_weight=config.adversarial_weight,
        **mine,
        **game_rules,
    )
    game.compile(**choices.optimizers(config))
    return game


drawable = cyclegan.drawable
