"""The names of what a GAN tracks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgan.models.gan import GAN


def tracked_by(game: "GAN") -> tuple[str, ...]:
    """Returns the names that a game calls `track` with, in the order of the logs."""
    return (
        "D/adversarial",
        "G/adversarial",
        *game.objective.readings,
        *game.objective.accuracies,
        *(f"D/{penalty.name}" for penalty in game.penalties),
        *(f"G/{penalty.name}" for penalty in game.generator_penalties),
        *(name for one in game.augmentations for name in one.readings()),
    )
