"""The fields of the variants whose D can see augmented images."""

from dataclasses import dataclass

from kgan.config.names import AUGMENTATIONS, DIFFAUGMENT
from kgan.errors import UserError
from kgan.fields import option
from kgan.settings import LARGE


@dataclass(frozen=True)
class Augmented:
    """Adds to `kgan.config.Common` the augmentations of the images that D sees."""

    augmentations: str = option(
        "none",
        "of all images that D sees, for few images: diffaugment, or only some of its "
        "parts; transforms, each with a probability; adaptive, with a probability that "
        "follows how far D overfits",
        choices=AUGMENTATIONS,
        several=True,
    )
    augmentation_strength: float = option(
        0.3, "probability of each of transforms", least=0.0, most=1.0
    )
    augmentation_images: int = option(
        100_000,
        "real images in which the probability of adaptive can rise from 0 to 1",
        least=1,
        most=LARGE,
    )

    def check_augmentations(self) -> None:
        """Raises UserError if they, or their settings, do not go together."""
        asked = self.augmentations.split("+")
        twice = sorted({*DIFFAUGMENT, "none"} & set(asked)) if len(asked) > 1 else []
        if "diffaugment" in asked and twice:
            raise UserError(
                f"augmentations={self.augmentations}",
                f"{twice[0]} is a part of diffaugment",
                "name diffaugment, or its parts",
            )
        if {"transforms", "adaptive"} <= set(asked):
            raise UserError(
                f"augmentations={self.augmentations}",
                "adaptive is transforms with a probability of its own",
                "name one of the two",
            )
        needs = {
            "augmentation_strength": "transforms",
            "augmentation_images": "adaptive",
        }
        for name, only in needs.items():
            value = getattr(self, name)
            if value != getattr(type(self), name) and only not in asked:
                raise UserError(
                    f"{name}={value}",
                    f"has no effect with `augmentations={self.augmentations}`",
                    f"leave it out, or add {only}",
                )
