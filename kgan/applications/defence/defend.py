"""Pictures of a run's shape, purified by its generator and named by a classifier."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from kgan.applications.attacks import Logits
from kgan.applications.defence.measure import answers
from kgan.applications.defence.projection import Projection
from kgan.applications.inversion import check

if TYPE_CHECKING:
    from kgan.models import GAN


@dataclasses.dataclass(frozen=True)
class Defended:
    """Pictures that were purified, and what a classifier makes of them.

    Attributes:
        images: what G makes nearest to each, uint8 (n, H, W, C).
        errors: mean squared error between each and its purified one, pixels in [0, 1],
            (n,). A large one tells an attacked picture, or one that G cannot make.
        before, after: the classes that the classifier names, int (n,).
    """

    images: np.ndarray
    errors: np.ndarray
    before: np.ndarray
    after: np.ndarray


def defend(
    game: "GAN",
    images: np.ndarray,
    logits: Logits,
    projection: Projection,
    seed: int = 0,
) -> Defended:
    """Purifies pictures, and asks a classifier for them before and after.

    Args:
        game: a game that makes images from noise.
        images: uint8 (n, H, W, C), of the shape that the game makes.
        logits: of the classifier, for images in [0, 1].
        projection: of the game.
        seed: of the codes that are tried.

    Raises:
        UserError: images of another shape.
    """
    check(game, images)
    x = np.asarray(images, np.float32) / 255
    found = projection(x, seed)
    before, after = (answers(logits, one) for one in (x, found.images))
    return Defended(as_bytes(found.images), found.errors, before, after)


def as_bytes(x: np.ndarray) -> np.ndarray:
    """Returns images in [0, 1] as uint8."""
    return np.rint(255 * np.clip(x, 0, 1)).astype(np.uint8)
