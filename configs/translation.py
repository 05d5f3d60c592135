"""Builders of the networks and optimizers of all translations of images."""

from typing import TYPE_CHECKING, Any

import keras

from kgan.config import Translation
from kgan.configs import choices
from kgan.errors import UserError
from kgan.networks import dcgan, patch, resnet, unet
from kgan.sizes import Size

if TYPE_CHECKING:
    from kgan.networks.sides import Sides

OF_THE_GAME = ("max_steps", "simultaneous", "seed")
FEW_PIXELS = 1.1  # a patch may be so much larger than the image


def generator(
    config: Translation,
    source_shape: tuple[int, ...],
    channels: int,
    name: str = "generator",
) -> "keras.Model":
    """Returns G, from images of `source_shape`, (H, W, C), to images of `channels`.

    Raises:
        UserError: an image that the network cannot halve.
    """
    kind, norm = config.network, config.norm
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
        raise _cannot(source_shape, error) from error


def discriminator(
    config: Translation, shape: tuple[int, ...], name: str = "discriminator"
) -> "keras.Model":
    """Returns D for images of `shape`, (H, W, C)."""
    kind, norm = config.discriminator, config.norm
    width = config.discriminator_width or config.width or patch.WIDTH
    given = {"width": width, "spectral": config.spectral_norm, "name": name}
    try:
        if kind == "features":
            return dcgan.discriminator(shape, features=True, norm=norm, **given)
        depth = config.depth or _depth(min(shape[:2]))
        return patch.discriminator(shape, depth=depth, norm=norm, **given)
    except ValueError as error:
        raise _cannot(shape, error) from error


def rules(config: Translation) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the keyword arguments of a translator, and those of a game of two."""
    every = choices.common_rules(config)
    game = {name: every.pop(name) for name in OF_THE_GAME}
    return every | {"pool": config.pool}, game | {"min_steps": config.generator_steps}


def _depth(side):
    fits = [d for d in (1, 2, 3) if patch.receptive_field(d) <= FEW_PIXELS * side]
    return max(fits, default=1)


def _cannot(shape, error):
    return UserError(f"image_size={Size(*shape[:2])}", str(error))


def drawable(config: Translation) -> "Sides":
    """Returns the heights and widths of images that G draws."""
    return {"resnet": resnet}.get(config.network, unet).SIDES
