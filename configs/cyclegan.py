"""CycleGAN (Zhu 2017): two domains, no pairs, and a way back.

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

from kgan.config import check
from kgan.configs import translation
from kgan.errors import UserError
from kgan.models import CycleGAN, translators


@dataclass(frozen=True)
class Config(translation.Config):
    """Adds the weights of the terms.

    adversarial_weight: of what the discriminators tell.
    cycle_weight: lambda, of the way there and back.
    identity_weight: of leaving alone what is of the target domain; 0 is none. Zhu's
        is half of lambda, for paintings.
    """

    width: int = 8
    pool: int = 50
    updates: int = 1500
    # Zhu's G lowers (D(G(x)) - 1)^2; least squares here are Mao's, half of that.
    adversarial_weight: float = 2.0
    cycle_weight: float = 10.0
    identity_weight: float = 0.0

    def __post_init__(self):
        super().__post_init__()
        weights = ("adversarial_weight", "cycle_weight", "identity_weight")
        check(self, *((name, 0.0, 1e6) for name in weights))


def build(config, shape, classes):
    """A compiled game between source images and target images of `shape`, (H, W, C)."""
    weights = {
        "adversarial_weight": config.adversarial_weight,
        "cycle_weight": config.cycle_weight,
    }
    return assemble(CycleGAN, config, shape, **weights)


def assemble(kind, config, shape, **settings):
    """A compiled game of class `kind`, a `CycleGAN`."""
    y, x = shape, (*shape[:2], config.source_channels)
    if config.identity_weight and x != y:
        raise UserError(
            f"--config.identity_weight={config.identity_weight}: the domains have "
            f"{x[-1]} and {y[-1]} channels; it needs equal ones, as with "
            "--config.channels=3 --config.source_channels=3"
        )
    mine, game_rules = translation.rules(config)

    def to(source, channels, name):
        return translation.generator(config, source, channels, name)

    def judge(real, name):
        return translation.discriminator(config, real, name)

    parts = translators(x, y, to, judge, **mine)
    settings |= {"identity_weight": config.identity_weight}
    game = kind(*parts, **settings, **game_rules)
    game.compile(*translation.optimizers(config))
    return game
