"""What the translations of images have in common: their fields and their players."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from configs import choices
from kgan.config import Common, check
from kgan.errors import UserError
from kgan.networks import dcgan, patch, resnet, unet
from kgan.schedules import LinearDecay

NETWORKS = ("unet", "resnet", "encoder")
JUDGES = ("patch", "features")
NORMS = {name: name for name in ("instance", "batch", "none")}
OF_THE_GAME = ("max_steps", "simultaneous", "seed")
FEW_PIXELS = 1.1  # a patch may be so much larger than the image


@dataclass(frozen=True)
class Config(Common):
    """Adds the fields of the games between two domains.

    image_size: up to 256; a power of 2 for unet and encoder.
    source_channels: of the images of the source; 0 is the data's own.
    network: G: unet, resnet, or encoder (a U-Net without skips).
    norm: of all networks: instance, batch, none.
    dropout: share that the U-Net's first three doublings drop, in training only.
    judge: D: patch, or features (all of the image, by DCGAN's network, which tells
        its features).
    depth: halvings of the patch D, 1 to 5: patches of 16, 34, 70, 142, 286 pixels; 0
        is the deepest up to 3 whose patch is no larger than the image.
    discriminator_width: of D's narrowest layer; 0 is `width`.
    pool: earlier fakes that D is reminded of; 0 is none, else at least batch_size.
    generator_steps: descents of G per ascent of D, on fresh data each.
    decay: share of the run, at its end, in which both rates fall linearly to 0; 0
        is none. With it, a run cannot be made longer.
    """

    domains: ClassVar[bool] = True
    together: ClassVar[bool] = False  # whether it learns from pairs

    image_size: int = 32
    batch_size: int = 8
    objective: str = "least_squares"
    source_channels: int = 0
    network: str = "resnet"
    norm: str = "instance"
    dropout: float = 0.5
    judge: str = "patch"
    depth: int = 0
    discriminator_width: int = 0
    pool: int = 0
    generator_steps: int = 1
    decay: float = 0.5

    def __post_init__(self):
        super().__post_init__()
        check(self, *LIMITS)
        if self.pool and self.pool < self.batch_size:
            raise UserError(
                f"--config.pool={self.pool}: holds fewer images than "
                f"--config.batch_size={self.batch_size}; take more, or 0 for none"
            )
        if self.generator_steps > 1 and self.schedule == "simultaneous":
            raise UserError(
                f"--config.generator_steps={self.generator_steps}: the simultaneous "
                "schedule has one descent per ascent"
            )

    @property
    def images_per_step(self):
        return self.batch_size * (self.discriminator_steps + self.generator_steps - 1)

    def epochs_for(self, steps):
        return super().epochs_for(steps * self.generator_steps)

    def settled(self, steps, **data):
        settled = super().settled(steps, **data)
        descents = settled.epochs * steps * self.generator_steps
        return dataclasses.replace(settled, updates=descents)


LIMITS = (
    ("image_size", 0, 256),
    ("dropout", 0.0, 0.95),
    ("depth", 0, 5),
    ("discriminator_width", 0, 8192),
    ("pool", 0, 10_000),
    ("generator_steps", 1, 100),
    ("decay", 0.0, 1.0),
)


def generator(config, source_shape, channels, name="generator"):
    """G from images of `source_shape`, (H, W, C), to such of `channels`.

    Raises:
        UserError: an image that the network cannot halve, or an unknown choice.
    """
    kind = choices.pick(config, "network", {name: name for name in NETWORKS})
    norm = choices.pick(config, "norm", NORMS)
    width = config.width or unet.WIDTH
    given = {"width": width, "norm": norm, "name": name}
    try:
        if kind == "resnet":
            return resnet.generator(source_shape, channels, **given)
        skips = kind == "unet"
        return unet.generator(
            source_shape, channels, skips=skips, dropout=config.dropout, **given
        )
    except ValueError as error:
        raise _cannot(config, error) from error


def discriminator(config, shape, name="discriminator"):
    """D for images of `shape`, (H, W, C)."""
    kind = choices.pick(config, "judge", {name: name for name in JUDGES})
    norm = choices.pick(config, "norm", NORMS)
    width = config.discriminator_width or config.width or patch.WIDTH
    given = {"width": width, "spectral": config.spectral_norm, "name": name}
    try:
        if kind == "features":
            return dcgan.discriminator(shape, features=True, norm=norm, **given)
        depth = config.depth or _depth(shape[0])
        return patch.discriminator(shape, depth=depth, norm=norm, **given)
    except ValueError as error:
        raise _cannot(config, error) from error


def rules(config):
    """(the keyword arguments of a translator, those of the game around two of them)."""
    every = choices.common_rules(config, config.norm)
    game = {name: every.pop(name) for name in OF_THE_GAME}
    return every | {"pool": config.pool}, game | {"min_steps": config.generator_steps}


def optimizers(config):
    """D's and G's optimizer, with the rates' decay."""
    make = choices.pick(config, "optimizer", choices.OPTIMIZERS)
    descents = config.updates
    ascents = descents * config.discriminator_steps / config.generator_steps
    rates = (config.discriminator_rate, ascents), (config.generator_rate, descents)
    return [make(_falling(rate, steps, config.decay), config) for rate, steps in rates]


def _falling(rate, steps, share):
    return LinearDecay(rate, steps, share) if share else rate


def _depth(side):
    fits = [d for d in (1, 2, 3) if patch.receptive_field(d) <= FEW_PIXELS * side]
    return max(fits, default=1)


def _cannot(config, error):
    return UserError(f"--config.image_size={config.image_size}: {error}")
