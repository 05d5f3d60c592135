"""What the translations of images have in common: their fields and their players."""

from dataclasses import dataclass

from kgan.config import Translation, check
from kgan.configs import choices
from kgan.errors import UserError
from kgan.networks import dcgan, patch, resnet, unet
from kgan.schedules import LinearDecay

NETWORKS = ("unet", "resnet", "encoder")
JUDGES = ("patch", "features")
NORMS = {name: name for name in ("instance", "batch", "none")}
OF_THE_GAME = ("max_steps", "simultaneous", "seed")
FEW_PIXELS = 1.1  # a patch may be so much larger than the image


@dataclass(frozen=True)
class Config(Translation):
    """Adds the fields of the translations that these networks play.

    image_size: up to 256; a power of 2 for unet and encoder.
    network: G: unet, resnet, or encoder (a U-Net without skips).
    norm: of all networks: instance, batch, none.
    dropout: share that the U-Net's first three doublings drop, in training only.
    judge: D: patch, or features (all of the image, by DCGAN's network, which tells
        its features).
    depth: halvings of the patch D, 1 to 5: patches of 16, 34, 70, 142, 286 pixels; 0
        is the deepest up to 3 whose patch is no larger than the image.
    discriminator_width: of D's narrowest layer; 0 is `width`.
    pool: earlier fakes that D is reminded of; 0 is none, else at least batch_size.
    """

    image_size: int = 32
    batch_size: int = 8
    objective: str = "least_squares"
    network: str = "resnet"
    norm: str = "instance"
    dropout: float = 0.5
    judge: str = "patch"
    depth: int = 0
    discriminator_width: int = 0
    pool: int = 0

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


LIMITS = (
    ("image_size", 0, 256),
    ("dropout", 0.0, 0.95),
    ("depth", 0, 5),
    ("discriminator_width", 0, 8192),
    ("pool", 0, 10_000),
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
    return [make(_falling(*one, config.decay), config) for one in config.rates]


def _falling(rate, steps, share):
    return LinearDecay(rate, steps, share) if share else rate


def _depth(side):
    fits = [d for d in (1, 2, 3) if patch.receptive_field(d) <= FEW_PIXELS * side]
    return max(fits, default=1)


def _cannot(config, error):
    return UserError(f"--config.image_size={config.image_size}: {error}")
