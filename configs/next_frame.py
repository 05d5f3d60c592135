"""Prediction of the next frame of a clip (Mathieu 2015), and of the frames after it.

bin/train_gan --variant=next_frame
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Translation
from kgan.configs import cyclegan
from kgan.errors import UserError
from kgan.fields import option, weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import NextFrame

DISTANCES = ("l1", "l2")


@dataclass(frozen=True)
class Config(Translation):
    """Adds how many frames are seen and predicted, and the weights of the terms."""

    domains: ClassVar[bool] = False
    sees_pairs: ClassVar[bool] = True
    learns_from: ClassVar[str] = "clips"
    dataset: ClassVar[str] = "moving_digits"

    objective: str = "nonsaturating"
    network: str = "unet"
    norm: str = "batch"
    dropout: float = 0.0
    width: int = 24
    batch_size: int = 16
    updates: int = 6000
    discriminator_rate: float = 1e-4
    generator_rate: float = 5e-4
    context: int = option(
        4, "frames that G sees before it predicts one", least=1, most=16
    )
    rollout: int = option(
        2, "frames that G predicts from its own in training", least=1, most=16
    )
    frames: int = option(
        14,
        "frames of a clip; a preview predicts all after the first",
        least=2,
        most=256,
    )
    distance: str = option("l1", "|y - G(x)|, or l2 for its square", choices=DISTANCES)
    distance_weight: float = weight(1.0, "weight of the distance")
    gradient_weight: float = weight(
        1.0, "weight of the difference of image gradients, which keeps frames sharp"
    )
    adversarial_weight: float = weight(
        0.02, "weight of the adversarial term of G; 0 leaves only the distances"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source_channels:
            raise UserError(
                f"source_channels={self.source_channels}",
                "the source are frames of the same clip",
                "use `channels`",
            )
        if self.frames < self.context + self.rollout:
            raise UserError(
                f"frames={self.frames}",
                f"is less than `context={self.context}` and `rollout={self.rollout}` "
                "together",
                f"use {self.context + self.rollout} or more",
            )


def build(config: Config, spec: "Spec") -> "NextFrame":
    """Returns a compiled game for the clips of a `kgan.data.Spec`."""
    from kgan.configs import choices, translation
    from kgan.models import NextFrame
    from kgan.penalties import GradientDifference

    *size, channels = spec.shape[1:]
    source = (*size, config.context * channels)
    whole = (*size, (config.context + config.rollout) * channels)
    sharp = config.gradient_weight
    mine, game_rules = translation.rules(config)
    game = NextFrame(
        translation.generator(config, source, channels),
        translation.discriminator(config, whole),
        rollout=config.rollout,
        distance=config.distance,
        l1_weight=config.distance_weight,
        adversarial_weight=config.adversarial_weight,
        generator_penalties=[GradientDifference(sharp)] if sharp else [],
        **mine,
        **game_rules,
    )
    game.compile(**choices.optimizers(config))
    return game


drawable = cyclegan.drawable
