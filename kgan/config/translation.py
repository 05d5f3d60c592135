"""The fields of the variants that translate."""

from dataclasses import dataclass
from typing import ClassVar

from kgan.config.common import Common
from kgan.config.decaying import Decaying
from kgan.config.names import DISCRIMINATORS, TRANSLATION_NETWORKS, TRANSLATION_NORMS
from kgan.errors import UserError
from kgan.fields import option
from kgan.sizes import Size


@dataclass(frozen=True)
class Translation(Decaying, Common):
    """The fields of the variants that translate between two domains of images."""

    domains: ClassVar[bool] = True
    paired: ClassVar[bool] = False  # whether it learns from pairs
    sees_pairs: ClassVar[bool] = False  # whether D sees a picture with its source

    image_size: Size = Size(32, 32)
    batch_size: int = 8
    objective: str = "least_squares"
    source_channels: int = option(
        0, "channels of the source's images; 0 is the data's own", least=0, most=3
    )
    generator_steps: int = option(
        1, "descents of G per ascent of D, on fresh data each", least=1, most=100
    )
    network: str = option(
        "resnet",
        "network of G; encoder is a U-Net without skips; it and unet need a height and a "
        "width that halve together to 8 pixels or less, such as 64, 96x128 or 256",
        choices=TRANSLATION_NETWORKS,
    )
    norm: str = option(
        "instance", "normalisation of all networks", choices=TRANSLATION_NORMS
    )
    dropout: float = option(
        0.5,
        "share that the U-Net's first three doublings drop, in training only",
        least=0.0,
        most=0.95,
        idle_with=("network", "resnet"),
    )
    discriminator: str = option(
        "patch",
        "network of D: patch scores patches; features is DCGAN's, which scores the "
        "whole image and also returns its features",
        choices=DISCRIMINATORS,
    )
    depth: int = option(
        0,
        "halvings of the patch D: patches of 16, 34, 70, 142, 286 pixels; 0 is the "
        "deepest up to 3 whose patch is no larger than the image",
        least=0,
        most=5,
        idle_with=("discriminator", "features"),
    )
    discriminator_width: int = option(
        0, "width of D's narrowest layer; 0 is width", least=0, most=8192
    )
    pool: int = option(
        0,
        "earlier fakes that D sees again; 0 is none, else at least batch_size",
        least=0,
        most=10_000,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pool and self.sees_pairs:
            raise UserError(
                f"pool={self.pool}",
                "D sees a picture with its source, and an earlier one has another",
                "leave it out",
            )
        if self.pool and self.pool < self.batch_size:
            raise UserError(
                f"pool={self.pool}",
                f"holds fewer images than `batch_size={self.batch_size}`",
                "take more, or 0 for none",
            )
        if self.generator_steps > 1 and self.schedule == "simultaneous":
            raise UserError(
                f"generator_steps={self.generator_steps}",
                "the simultaneous schedule has one descent per ascent",
                "use 1, or `schedule=alternating`",
            )

    @property
    def examples_per_step(self) -> int:
        return self.batch_size * (self.discriminator_steps + self.generator_steps - 1)

    @property
    def descents(self) -> int:
        return self.generator_steps
