"""Music for several voices, of which each sings one note at a time.

bin/train_gan --variant=music --dataset=chorales
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Common
from kgan.errors import UserError
from kgan.fields import option, weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import MusicGAN

RELAXATIONS = ("softmax", "gumbel")
ROLL_NORMS = ("batch", "layer", "none")


@dataclass(frozen=True)
class Config(Common):
    """Adds how music is cut, and how a pitch is chosen."""

    learns_from: ClassVar[str] = "rolls"

    batch_size: int = 64
    updates: int = 2000
    objective: str = "wasserstein"
    penalty: str = "wgan_gp"
    discriminator_steps: int = 3
    discriminator_rate: float = 1e-3
    generator_rate: float = 1e-3
    momentum: float = 0.0
    beta_2: float = 0.9
    ema: float = 0.995
    latent: int = option(64, "numbers in z", least=1, most=8192)
    discriminator_norm: str = option("none", "normalisation of D", choices=ROLL_NORMS)
    steps: int = option(
        32, "sixteenths of a piece, a multiple of 8", least=8, most=1024
    )
    voices: int = option(4, "voices of a piece", least=1, most=16)
    transpose: bool = option(
        True, "learn from each piece in all keys that its voices can sing"
    )
    relaxation: str = option(
        "softmax",
        "what D sees of G: softmax shows the shares of all pitches; gumbel draws one, with "
        "the gradient of the shares",
        choices=RELAXATIONS,
    )
    temperature: float = option(
        1.0, "by which the logits of pitches are divided", least=0.05, most=100.0
    )
    given: int = option(
        0,
        "voices, from the highest on, that are given to G, which adds the others; 0 is none",
        least=0,
        most=15,
    )
    likelihood_weight: float = weight(
        0.0,
        "weight of how likely the true other voices are, with given voices",
        idle_with=("given", 0),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.given >= self.voices:
            raise UserError(
                f"given={self.given}",
                f"leaves none of `voices={self.voices}` to G",
                f"use at most {self.voices - 1}",
            )
        if self.likelihood_weight and self.relaxation == "gumbel":
            raise UserError(
                f"likelihood_weight={self.likelihood_weight}",
                "`relaxation=gumbel` draws pitches, which have no likelihood",
                "use `relaxation=softmax`",
            )


def build(config: Config, spec: "Spec") -> "MusicGAN":
    """Returns a compiled game for the rolls of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import MusicGAN
    from kgan.networks import rolls

    field = spec["real"]
    shape = (*field.shape, field.kind.width)
    width = config.width or rolls.WIDTH
    try:
        generator = rolls.generator(
            config.latent, shape, given=config.given, width=width
        )
    except ValueError as error:
        raise UserError(f"steps={config.steps}", str(error)) from error
    game = MusicGAN(
        generator,
        rolls.discriminator(
            shape,
            width=width,
            norm=config.discriminator_norm,
            spectral=config.spectral_norm,
        ),
        relaxation=config.relaxation,
        temperature=config.temperature,
        likelihood_weight=config.likelihood_weight,
        **choices.common_rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game
