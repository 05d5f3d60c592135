"""MoCoGAN (Tulyakov 2018): clips from noise, their content apart from their motion.

bin/train_gan --variant=mocogan
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Common, Decaying
from kgan.errors import UserError
from kgan.fields import option
from kgan.sizes import Size

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import MoCoGAN
    from kgan.networks.sides import Sides

CLIP_NORMS = ("layer", "none")
NETWORKS = ("placed", "codes")


@dataclass(frozen=True)
class Config(Decaying, Common):
    """Adds the sizes of content and motion, and the frames of a clip."""

    learns_from: ClassVar[str] = "clips"
    dataset: ClassVar[str] = "one_moving_digit"

    batch_size: int = 32
    updates: int = 5000
    objective: str = "relativistic"
    penalty: str = "r1+r2"
    penalty_weight: float = 0.05
    discriminator_rate: float = 5e-4
    generator_rate: float = 5e-4
    momentum: float = 0.0
    beta_2: float = 0.99
    ema: float = 0.998
    latent: int = option(
        50,
        "numbers of the content, which is the same in all frames",
        least=1,
        most=8192,
    )
    motion: int = option(
        10, "numbers of the motion, which each frame has anew", least=1, most=1024
    )
    frames: int = option(16, "frames of a clip", least=2, most=64)
    network: str = option(
        "placed",
        "how G makes a frame: placed moves and resizes what the content draws, codes draws "
        "each frame from content and motion, as the paper does",
        choices=NETWORKS,
    )
    discriminator_norm: str = option(
        "none", "normalisation of both D", choices=CLIP_NORMS
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.spectral_norm:
            raise UserError(
                "spectral_norm",
                "the convolutions over time have none",
                "leave it out, or use `penalty=r1`",
            )


def build(config: Config, spec: "Spec") -> "MoCoGAN":
    """Returns a compiled game for the clips of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import MoCoGAN
    from kgan.networks import mocogan

    width = config.width or mocogan.WIDTH
    norm = config.discriminator_norm
    try:
        game = MoCoGAN(
            mocogan.generator(
                config.latent,
                config.motion,
                spec.shape,
                width=width,
                placed=config.network == "placed",
            ),
            mocogan.discriminator(spec.shape, width=width, norm=norm),
            **choices.common_rules(config),
        )
    except ValueError as error:
        size = Size(*spec.shape[1:3])
        raise UserError(f"image_size={size}", str(error)) from error
    game.compile(**choices.optimizers(config))
    return game


def drawable(config: Config) -> "Sides":
    """Returns the heights and widths of frames that the networks draw."""
    from kgan.networks import mocogan

    return mocogan.SIDES
