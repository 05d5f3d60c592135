"""Music for several voices, of which each sings one note at a time.

bin/train_gan --variant=music --dataset=chorales
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Common
from kgan.config.warmed import Warmed
from kgan.errors import UserError
from kgan.fields import option, weight
from kgan.settings import LARGE

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import GAN

NETWORKS = ("recurrent", "convolutional")
ROLL_NORMS = ("batch", "layer", "none")


@dataclass(frozen=True)
class Config(Warmed, Common):
    """Adds how music is cut, and how G writes and learns."""

    learns_from: ClassVar[str] = "rolls"
    dataset: ClassVar[str] = ""  # no music comes with kgan

    batch_size: int = 64
    updates: int = 2000
    penalty: str = "r1"
    penalty_weight: float = 1.0
    discriminator_rate: float = 1e-3
    generator_rate: float = 1e-3
    momentum: float = 0.0
    beta_2: float = 0.9
    ema: float = 0.995
    discriminator_norm: str = option("none", "normalisation of D", choices=ROLL_NORMS)
    steps: int = option(
        32, "sixteenths of a piece, a multiple of 8", least=8, most=1024
    )
    voices: int = option(4, "voices of a piece", least=1, most=16)
    transpose: bool = option(
        True, "learn from each piece in all keys that its voices can sing"
    )
    network: str = option(
        "recurrent",
        "network of G: recurrent draws pitch after pitch; convolutional makes the shares "
        "of all pitches at once, for wasserstein with wgan_gp",
        choices=NETWORKS,
    )
    latent: int = option(
        64, "numbers in z", least=1, most=8192, idle_with=("network", "recurrent")
    )
    temperature: float = option(
        1.0,
        "of the gradient of Gumbel-softmax, with a recurrent G; with a convolutional one "
        "of the shares",
        least=0.05,
        most=100.0,
    )
    given: int = option(
        0,
        "voices, from the highest on, that are given to G, which adds the others; 0 is none",
        least=0,
        most=15,
    )
    warm_up: int = option(
        1000,
        "iterations at the start in which a recurrent G learns by maximum likelihood "
        "alone; as many as updates make a plain model of music",
        least=0,
        most=LARGE,
        idle_with=("network", "convolutional"),
    )
    likelihood_weight: float = weight(
        1.0,
        "weight of how likely real music is, after warm_up; with a convolutional G, only "
        "of the voices added to given ones",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.given >= self.voices:
            raise UserError(
                f"given={self.given}",
                f"leaves none of `voices={self.voices}` to G",
                f"use at most {self.voices - 1}",
            )
        weighed = self.likelihood_weight != type(self).likelihood_weight
        if weighed and self.network == "convolutional" and not self.given:
            raise UserError(
                f"likelihood_weight={self.likelihood_weight}",
                "has no effect with `network=convolutional` and `given=0`",
                "leave it out",
            )


def build(config: Config, spec: "Spec") -> "GAN":
    """Returns a compiled game for the rolls of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.networks import rolls

    field = spec["real"]
    shape = (*field.shape, field.kind.width)
    try:
        discriminator = rolls.discriminator(
            shape,
            width=config.width or rolls.WIDTH,
            norm=config.discriminator_norm,
            spectral=config.spectral_norm,
        )
    except ValueError as error:
        raise UserError(f"steps={config.steps}", str(error)) from error
    make = _written if config.network == "recurrent" else _convolutional
    game = make(config, shape, discriminator, choices.common_rules(config))
    game.compile(**choices.optimizers(config))
    return game


def _written(config, shape, discriminator, rules):
    from kgan.models import WrittenMusic
    from kgan.networks import rolls

    width = config.width or rolls.WRITER_WIDTH
    return WrittenMusic(
        rolls.writer(shape, given=config.given, width=width),
        discriminator,
        temperature=config.temperature,
        warm_up=config.warm_up,
        likelihood_weight=config.likelihood_weight,
        **rules,
    )


def _convolutional(config, shape, discriminator, rules):
    from kgan.models import MusicGAN
    from kgan.networks import rolls

    width = config.width or rolls.WIDTH
    return MusicGAN(
        rolls.generator(config.latent, shape, given=config.given, width=width),
        discriminator,
        temperature=config.temperature,
        likelihood_weight=config.likelihood_weight if config.given else 0.0,
        **rules,
    )
