"""The configurations that the variants share: fields with their help and limits."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from kgan.errors import UserError
from kgan.fields import check, option, weight
from kgan.settings import LARGE
from kgan.sizes import FITS, Size

# The names that may be chosen; `kgan.configs.choices` holds the objects.
OBJECTIVES = ("minimax", "nonsaturating", "least_squares", "wasserstein")
OBJECTIVES += ("hinge", "relativistic")
PENALTIES = ("none", "wgan_gp", "dragan", "r1", "r2", "r1_approximate")
PENALTIES += ("r2_approximate", "lecam", "ma_gp")
DIFFAUGMENT = ("color", "translation", "cutout")  # its parts
AUGMENTATIONS = ("none", "diffaugment", *DIFFAUGMENT, "transforms", "adaptive")
SCHEDULES = ("alternating", "simultaneous")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
NETWORKS = ("mlp", "dcgan", "infogan", "r3gan")
NORMS = ("own", "batch", "layer", "none")
PRIORS = ("normal", "uniform")
TRANSLATION_NETWORKS = ("unet", "resnet", "encoder")
TRANSLATION_NORMS = ("instance", "batch", "none")
DISCRIMINATORS = ("patch", "features")


def _is_range(values):
    """Whether these are two numbers, the smaller one first."""
    numbers = all(type(one) in (int, float) for one in values)
    return numbers and len(values) == 2 and -LARGE <= values[0] < values[1] <= LARGE


@dataclass(frozen=True)
class Common:
    """The fields of all variants."""

    domains: ClassVar[bool] = False  # whether it learns from two domains of images
    captioned: ClassVar[bool] = False  # whether it learns from captions

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
        0, "passes over the data; 0 is as many as updates needs", least=0, most=LARGE
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
    def examples_per_step(self) -> int:
        """The number of real examples in one iteration: a fresh round for each ascent."""
        return self.batch_size * self.discriminator_steps

    def epochs_for(self, steps: int) -> int:
        """Returns the number of passes over the data, at `steps` descents each."""
        return self.epochs or -(-self.updates // steps)

    def resolved(self, steps: int) -> Self:
        """Returns the configuration with `epochs` set, for `steps` steps per epoch."""
        return dataclasses.replace(self, epochs=self.epochs_for(steps))


@dataclass(frozen=True)
class Translation(Common):
    """The fields of the variants that translate between two domains of images."""

    domains: ClassVar[bool] = True
    paired: ClassVar[bool] = False  # whether it learns from pairs

    image_size: Size = Size(32, 32)
    batch_size: int = 8
    objective: str = "least_squares"
    source_channels: int = option(
        0, "channels of the source's images; 0 is the data's own", least=0, most=3
    )
    generator_steps: int = option(
        1, "descents of G per ascent of D, on fresh data each", least=1, most=100
    )
    decay: float = option(
        0.5,
        "share of the run, at its end, in which both rates fall linearly to 0; 0 is "
        "none; with it, a run cannot be made longer",
        least=0.0,
        most=1.0,
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
    def iterations(self) -> int:
        """The number of iterations of the whole run; needs a resolved configuration."""
        return self.updates // self.generator_steps

    def epochs_for(self, steps: int) -> int:
        return super().epochs_for(steps * self.generator_steps)

    def resolved(self, steps: int) -> Self:
        resolved = super().resolved(steps)
        descents = resolved.epochs * steps * self.generator_steps
        return dataclasses.replace(resolved, updates=descents)


@dataclass(frozen=True)
class Config(Common):
    """The fields of the variants that generate from noise."""

    network: str = option("mlp", "networks of G and D", choices=NETWORKS)
    latent: int = option(100, "numbers in z", least=1, most=8192)
    prior: str = option("normal", "distribution of z", choices=PRIORS)
    pack: int = option(1, "images that D sees at once (PacGAN)", least=1, most=64)
    discriminator_norm: str = option(
        "own", "normalisation of D; own is the network's own", choices=NORMS
    )
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

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_augmentations()
        if self.batch_size % self.pack:
            raise UserError(
                f"pack={self.pack}", f"does not divide `batch_size={self.batch_size}`"
            )

    def _check_augmentations(self):
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
