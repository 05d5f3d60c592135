"""The names of what a GAN tracks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgan.models.gan import GAN


SLICED = "direction"  # D's output of a slicing adversarial network
DRAWN = "reconstruction"  # that of a D which draws its own input again


def tracked_by(game: "GAN") -> tuple[str, ...]:
    """Returns the names that a game calls `track` with, in the order of the logs."""
    outputs = getattr(game.discriminator, "output", None)
    outputs = outputs if isinstance(outputs, dict) else {}
    return (
        "D/adversarial",
        "G/adversarial",
        *game.objective.readings,
        *game.objective.accuracies,
        *(f"D/{name}" for name in (SLICED, DRAWN) if name in outputs),
        *(f"D/{penalty.name}" for penalty in game.penalties),
        *(f"G/{penalty.name}" for penalty in game.generator_penalties),
        *(name for one in game.augmentations for name in one.readings()),
    )
