"""Edits of a picture: its code is found, moved along a direction, and drawn again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.applications.directions import Directions, moved
from kgan.applications.inversion import STEPS, Inversion, invert

if TYPE_CHECKING:
    from kgan.models import GAN

STRENGTH = 3.0  # deviations of z


def edit(
    game: "GAN",
    images: np.ndarray,
    directions: Directions,
    attribute: str,
    *,
    strength: float = STRENGTH,
    keep: Sequence[str] = (),
    anew: bool = False,
    encoder: keras.Model | None = None,
    steps: int = STEPS,
    seed: int = 0,
) -> tuple[np.ndarray, Inversion]:
    """Changes pictures in one respect.

    The code z of each picture is found, and moved to z + strength n. What G(z) and
    G(z + strength n) differ in is added to the picture, so that what the inversion missed
    stays as it is.

    Args:
        game: a game that makes images from noise.
        images: uint8 (n, H, W, C), of the shape that it makes.
        directions: found for this game.
        attribute: the name of a direction.
        strength: how far to go, in deviations of z; below 0 the other way.
        keep: names of directions along which nothing shall move.
        anew: return G(z + strength n) itself.
        encoder: of the game, for the start of the inversion; None descends only.
        steps: of the inversion.
        seed: of the inversion.

    Returns:
        The pictures, uint8 (n, H, W, C), and the `Inversion` of those before.
    """
    vector = directions.without(attribute, keep)
    method = "both" if encoder else "optimise"
    found = invert(game, images, method, encoder, steps=steps, seed=seed)
    latent = {name: tf.constant(value) for name, value in found.latent.items()}
    made = sampling.draw(game, moved(game, latent, vector, strength))
    if anew:
        return made, found
    change = made.astype(np.int16) - found.images
    return np.clip(images + change, 0, 255).astype(np.uint8), found
