"""CycleGAN (Zhu 2017): translation between two domains without pairs, and back.

bin/train_gan --variant=cyclegan
bin/train_gan --variant=cyclegan --source=mnist --target=path/to/usps
bin/train_gan --variant=cyclegan --dataset=path/to/horse2zebra \
    --config.image_size=256 --config.width=64 --config.batch_size=1 \
    --config.jitter=0.117 --config.flip --config.epochs=200
Digits, the first command: holes are filled and punched; fillings fit the strokes around
them, though no digit was ever seen with its hole. --task=edges fails at this size: that
a drawn line is not one pixel wide is too easy to see, and D wins.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgan.config import Translation
from kgan.errors import UserError
from kgan.fields import weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import CycleGAN
    from kgan.networks.sides import Sides


@dataclass(frozen=True)
class Config(Translation):
    """Adds the weights of the terms."""

    width: int = 8
    pool: int = 50
    updates: int = 1500
    # Zhu's G lowers (D(G(x)) - 1)^2; least squares here are Mao's, half of that.
    adversarial_weight: float = weight(2.0, "weight of the adversarial term of G")
    cycle_weight: float = weight(10.0, "lambda, the weight of the cycle term")
    identity_weight: float = weight(
        0.0,
        "weight of the identity term, of G(y) - y; 0 is none; Zhu's is half of lambda, "
        "for paintings",
    )


def build(config: Any, spec: "Spec") -> "CycleGAN":
    """Returns a compiled game between the two domains of a `kgan.data.Spec`."""
    from kgan.models import CycleGAN

    weights = {
        "adversarial_weight": config.adversarial_weight,
        "cycle_weight": config.cycle_weight,
    }
    return assemble(CycleGAN, config, spec, **weights)


def assemble(kind: type[Any], config: Any, spec: "Spec", **settings: Any) -> Any:
    """Returns a compiled game of class `kind`, a `CycleGAN`."""
    from kgan.configs import choices, translation
    from kgan.models import translators

    y, x = spec.shape, spec["source"].shape
    if config.identity_weight and x != y:
        raise UserError(
            f"identity_weight={config.identity_weight}",
            f"the domains have {x[-1]} and {y[-1]} channels",
            "it needs equal ones, as with `channels=3` and `source_channels=3`",
        )
    mine, game_rules = translation.rules(config)

    def to(source, channels, name):
        return translation.generator(config, source, channels, name)

    def discriminator(real, name):
        return translation.discriminator(config, real, name)

    parts = translators(x, y, to, discriminator, **mine)
    settings |= {"identity_weight": config.identity_weight}
    game = kind(*parts, **settings, **game_rules)
    game.compile(**choices.optimizers(config))
    return game


def drawable(config: Translation) -> "Sides":
    """Returns the heights and widths that the networks draw."""
    from kgan.configs import translation

    return translation.drawable(config)
