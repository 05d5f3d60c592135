"""The fields that all variants share."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from kgan.config.names import OBJECTIVES, OPTIMIZERS, PENALTIES, SCHEDULES
from kgan.errors import UserError
from kgan.fields import check, option, weight
from kgan.settings import LARGE
from kgan.sizes import FITS, Size


def _is_range(values):
    """Whether these are two numbers, the smaller one first."""
    numbers = all(type(one) in (int, float) for one in values)
    return numbers and len(values) == 2 and -LARGE <= values[0] < values[1] <= LARGE


@dataclass(frozen=True)
class Common:
    """The fields of all variants."""

    domains: ClassVar[bool] = False  # whether it learns from two domains of images
    captioned: ClassVar[bool] = False  # whether it learns from captions
    dataset: ClassVar[str] = "digits"  # where none is named; "" for no default
    learns_from: ClassVar[str] = "images"  # a key of `kgan.training.inputs.READERS`

    # The data
    image_size: Size = option(
        Size(0, 0), "of all images; 0 is the data's own", least=0, most=4096
    )
    fit: str = option(
        "crop",
        "what becomes of images of another shape: crop cuts out the largest centred part "
        "of the shape asked for, pad adds bars, stretch distorts",
        choices=FITS,
    )
    channels: int = option(0, "1 grey, 3 colour; 0 is the data's own", least=0, most=3)
    range: tuple[Any, ...] = option(
        (),
        "the two values that become black and white, such as 0,4095, in images with more "
        "than 8 bits; none is the least and the largest of all",
    )
    batch_size: int = option(128, "real images in one round", least=1, most=65_536)
    epochs: int = option(
        0, "how many there are; 0 is as many as updates needs", least=0, most=LARGE
    )
    steps_per_epoch: int = option(
        0,
        "iterations of an epoch, after which samples are shown; 0 is a pass over the data",
        least=0,
        most=LARGE,
    )
    updates: int = option(
        4000, "descents of G, at least; counts only with epochs=0", least=1, most=LARGE
    )
    seed: int = option(0, "the seed of all randomness", least=0, most=2**31 - 1)
    flip: bool = option(
        False, "mirror half of the real images left to right, by chance"
    )
    jitter: float = option(
        0.0,
        "share of their side by which real images grow before a crop of their own size "
        "is cut out by chance, as 0.117 (286 from 256); 0 is none",
        least=0.0,
        most=1.0,
    )
    # The game
    objective: str = option(
        "nonsaturating", "the value that D raises and G lowers", choices=OBJECTIVES
    )
    label_smoothing: float = option(
        0.0, "one-sided smoothing of D's target for real data", least=0.0, most=0.499
    )
    penalty: str = option(
        "none",
        "penalty on D's gradient; lecam is one on its scores, for few images",
        choices=PENALTIES,
        several=True,
    )
    penalty_weight: float = weight(
        10.0,
        "lambda of wgan_gp and dragan, gamma of r1, r2 and their approximations, which "
        "need no gradient of a gradient, k of ma_gp",
        idle_with=("penalty", "none"),
    )
    lecam_weight: float = weight(0.3, "lambda of lecam", idle_with=("penalty", "none"))
    penalty_interval: int = option(
        1,
        "take the penalty at every so many iterations",
        least=1,
        most=LARGE,
        idle_with=("penalty", "none"),
    )
    discriminator_steps: int = option(
        1, "ascents of D per descent of G, on fresh data each", least=1, most=100
    )
    schedule: str = option(
        "alternating",
        "update D and G in turns, or both from one forward pass",
        choices=SCHEDULES,
    )
    instance_noise: float = option(
        0.0, "standard deviation of noise on all that D sees", least=0.0, most=100.0
    )
    instance_noise_steps: int = option(
        0,
        "iterations until that noise has faded; 0 keeps it",
        least=0,
        most=LARGE,
        idle_with=("instance_noise", 0),
    )
    clip_weights: float = weight(0.0, "bound of D's weights; 0 is none")
    ema: float = option(
        0.0,
        "decay of the moving average of G that samples come from; 0 is none",
        least=0.0,
        most=0.999999,
    )
    # The networks
    width: int = option(
        0, "width of the networks' narrowest layer; 0 is their own", least=0, most=8192
    )
    spectral_norm: bool = option(False, "spectral normalisation of D")
    # The optimizers
    optimizer: str = option("adam", "optimizer of D and G", choices=OPTIMIZERS)
    discriminator_rate: float = option(2e-4, "D's learning rate", least=0.0, most=100.0)
    generator_rate: float = option(2e-4, "G's learning rate", least=0.0, most=100.0)
    momentum: float = option(
        0.5, "Adam's beta_1; momentum of SGD and RMSProp", least=0.0, most=0.9999
    )
    beta_2: float = option(
        0.999,
        "Adam's beta_2; the decay of RMSProp",
        least=0.0,
        most=0.999999,
        idle_with=("optimizer", "sgd"),
    )
    # The record
    grids: int = option(
        40, "about how many sample grids the run keeps", least=1, most=10_000
    )

    def __post_init__(self) -> None:
        check(self)
        if self.range and not _is_range(self.range):
            raise UserError(
                f"range={','.join(map(str, self.range))}",
                "must be two numbers, the smaller one first, such as 0,4095",
            )
        self._check_penalties()
        if self.schedule == "simultaneous" and self.discriminator_steps != 1:
            raise UserError(
                f"discriminator_steps={self.discriminator_steps}",
                "the simultaneous schedule has one ascent per descent",
                "use 1, or `schedule=alternating`",
            )

    def _check_penalties(self):
        asked = set(self.penalty.split("+"))
        idle = ["lecam_weight"] if "lecam" not in asked else []
        if asked == {"lecam"}:
            idle += ["penalty_weight", "penalty_interval"]
        for name in idle:
            value = getattr(self, name)
            if value != getattr(type(self), name):
                raise UserError(
                    f"{name}={value}",
                    f"has no effect with `penalty={self.penalty}`",
                    "leave it out",
                )

    @property
    def class_attributes(self) -> tuple[str, ...]:
        """The attributes whose combinations are the classes; () for the data's own."""
        return ()

    @property
    def edited_attributes(self) -> tuple[str, ...] | None:
        """The attributes that G changes, () for all of the data's; None for no such G."""
        return None

    @property
    def examples_per_step(self) -> int:
        """The number of real examples in one iteration: a fresh round for each ascent."""
        return self.batch_size * self.discriminator_steps

    @property
    def descents(self) -> int:
        """Descents of G in an iteration."""
        return 1

    @property
    def iterations(self) -> int:
        """The number of iterations of the whole run; needs a resolved configuration."""
        return self.updates // self.descents

    def epochs_for(self, steps: int) -> int:
        """Returns the number of epochs, at `steps` iterations each."""
        return self.epochs or -(-self.updates // (steps * self.descents))

    def resolved(self, steps: int) -> Self:
        """Returns the configuration with the `epochs` and `updates` that the run has.

        Args:
            steps: iterations of an epoch.
        """
        epochs = self.epochs_for(steps)
        updates = epochs * steps * self.descents
        return dataclasses.replace(self, epochs=epochs, updates=updates)
