"""Prediction of the next pose of a motion, and of the poses after it.

bin/train_gan --variant=next_pose --dataset=path/to/motions
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import Common
from kgan.errors import UserError
from kgan.fields import option, weight

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import NextFrame

POSE_NORMS = ("batch", "layer", "none")


@dataclass(frozen=True)
class Config(Common):
    """Adds how many poses are seen and predicted, and the weights of the terms."""

    learns_from: ClassVar[str] = "poses"
    dataset: ClassVar[str] = ""  # no motions come with kgan

    batch_size: int = 64
    updates: int = 4000
    discriminator_rate: float = 1e-4
    generator_rate: float = 5e-4
    discriminator_norm: str = option("layer", "normalisation of D", choices=POSE_NORMS)
    context: int = option(
        10, "poses that G sees before it predicts one", least=2, most=100
    )
    rollout: int = option(
        5, "poses that G predicts from its own in training", least=1, most=100
    )
    frames: int = option(
        20,
        "poses of a motion; a preview predicts all after the first",
        least=3,
        most=500,
    )
    distance_weight: float = weight(1.0, "weight of the distance |y - G(x)|")
    adversarial_weight: float = weight(
        0.01, "weight of the adversarial term of G; 0 leaves only the distance"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.frames < self.context + self.rollout:
            raise UserError(
                f"frames={self.frames}",
                f"is less than `context={self.context}` and `rollout={self.rollout}` "
                "together",
                f"use {self.context + self.rollout} or more",
            )


def build(config: Config, spec: "Spec") -> "NextFrame":
    """Returns a compiled game for the motions of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import NextFrame
    from kgan.networks import poses

    numbers = spec.shape[-1]
    width = config.width or poses.WIDTH
    game = NextFrame(
        poses.generator(config.context, numbers, width=width),
        poses.discriminator(
            config.context + config.rollout,
            numbers,
            width=width,
            norm=config.discriminator_norm,
            spectral=config.spectral_norm,
        ),
        rollout=config.rollout,
        l1_weight=config.distance_weight,
        adversarial_weight=config.adversarial_weight,
        **choices.common_rules(config),
    )
    game.compile(**choices.optimizers(config))
    return game
