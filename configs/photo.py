"""Photographs in a folder: a DCGAN with a dense layer, R1 and DiffAugment, sized to them.

bin/train_gan --variant=photo --dataset=path/to/folder --hours=1
`benchmarks/run --quality` compares the recipe with others. Another one is other defaults
of `Config`, and other `PRESETS`.
"""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kgan.config import AUGMENTATIONS
from kgan.config import Config as Base
from kgan.configs import r3gan
from kgan.errors import UserError
from kgan.fields import option

if TYPE_CHECKING:
    from kgan.data import Dataset, Spec
    from kgan.models import GAN

AUTO = "auto"


class Preset(NamedTuple):
    """Sizes that suit images up to a side, for an hour of a machine without a GPU."""

    width: int
    batch_size: int


# By the larger side of the images. From 64 on the smallest maps have 256 channels.
PRESETS = {
    32: Preset(32, 64),
    64: Preset(32, 32),
    128: Preset(16, 32),
    256: Preset(8, 16),
}
# From so many hours on, the width is multiplied by this: 0, 4 and 16.
LONGER = {0.0: 1, 4.0: 2, 16.0: 4}
# Zhao 2020 found DiffAugment to help FFHQ with 30,000 photographs, and to harm with 70,000.
FEW = 50_000
SIZED = Preset._fields
LIKE_DCGAN = ("dcgan", "infogan")  # networks that take the width of a preset


@dataclass(frozen=True)
class Config(r3gan.Recipe, Base):
    """The fields of a run on photographs, with the cosine of `r3gan.Recipe`.

    `suited` chooses the width, the batch and the augmentations by the data, unless the
    user has set them.
    """

    # A dense layer before D's answer sees the whole picture. MNIST, three minutes of two
    # cores: a distance of 1.9 with it, and of 15.1 with the networks of `dcgan`.
    network: str = "infogan"
    objective: str = "nonsaturating"
    # R1 lets D do without a norm and learn ten times as fast; at every fourth ascent it
    # costs little.
    penalty: str = "r1"
    penalty_interval: int = 4
    discriminator_norm: str = "none"
    discriminator_rate: float = 2e-3
    generator_rate: float = 2e-3
    momentum: float = 0.5
    beta_2: float = 0.99
    # On photographs of clothes, without it, G did not heed the class for the first epochs.
    label_weight: float = 1.0
    width: int = option(
        0,
        "channels of the stage with the largest images; 0 is chosen by their size and "
        "by hours for network=dcgan and infogan, and the own one of another network",
        least=0,
        most=8192,
    )
    batch_size: int = option(
        0,
        "real images in one round; 0 is chosen by their size",
        least=0,
        most=65_536,
    )
    augmentations: str = option(
        AUTO,
        "as of the other variants; auto is diffaugment for fewer than 50,000 images, "
        "else none",
        choices=(AUTO, *AUGMENTATIONS),
        several=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if AUTO in self.augmentations.split("+") and self.augmentations != AUTO:
            raise UserError(
                f"augmentations={self.augmentations}", "auto goes with no other"
            )


def suited(config: Config, data: "Dataset", hours: float) -> tuple[Config, list[str]]:
    """Returns the configuration for data and a time, and what was chosen in plain lines.

    Width and batch are by `PRESETS`; from 4 and from 16 hours on the width is
    2 and 4 times that. Fewer than `FEW` images are augmented, or D would come to know
    them by heart. What the user has set stays.

    Args:
        config: of the user.
        data: that the run learns from.
        hours: that the run may take; 0 leaves its length to the configuration.
    """
    found = _sized(config, data.spec.shape, hours)
    if config.augmentations == AUTO:
        chosen = "diffaugment" if len(data) < FEW else "none"
        found = dataclasses.replace(found, augmentations=chosen)
    return found, _told(config, found, data, hours)


def build(config: Any, spec: "Spec") -> "GAN":
    """Returns a compiled game for data of a `kgan.data.Spec`.

    A configuration that `suited` has not seen becomes that of a short run of few images.
    """
    config = _sized(config, spec.shape, 0.0)
    if config.augmentations == AUTO:
        config = dataclasses.replace(config, augmentations="diffaugment")
    return r3gan.build(config, spec)


drawable = r3gan.drawable


def _sized(config, shape, hours):
    """The configuration without zeros."""
    side = max(shape[:2])
    preset = PRESETS[next((one for one in PRESETS if side <= one), max(PRESETS))]
    chosen = {"batch_size": preset.batch_size}
    if config.network in LIKE_DCGAN:  # another network has widths of its own
        chosen["width"] = preset.width * _times(hours)
    given = {k: v for k, v in chosen.items() if not getattr(config, k)}
    return dataclasses.replace(config, **given)


def _times(hours):
    return max(times for least, times in LONGER.items() if hours >= least)


def _told(config, found, data, hours):
    """Returns lines for the user that say which values were chosen, and why."""
    size = "x".join(map(str, data.spec.shape[:2]))
    told = []
    changed = [one for one in SIZED if getattr(config, one) != getattr(found, one)]
    sized = [f"{one} {getattr(found, one)}" for one in changed]
    if sized:
        wider = "width" in changed and _times(hours) > 1
        longer = f", {_times(hours)} times as wide for {hours:g} hours"
        told.append(
            f"photo: {', '.join(sized)}: what suits images of {size} on a "
            f"machine without a GPU{longer if wider else ''}"
        )
    if config.augmentations == AUTO:
        few = len(data) < FEW
        reason = (
            "D would come to know so few by heart" if few else "so many need no changes"
        )
        told.append(
            f"photo: augmentations {found.augmentations}: {len(data):,} images, and "
            f"{reason}"
        )
    if not hours and not config.epochs:
        told.append(
            f"photo: {found.updates:,} updates, at least an epoch; `hours=1` trains for "
            "about an hour instead"
        )
    return told
