"""Edits of a picture: by a game that changes attributes, or by moving its code.

`editor_of` asks the game of a run what it offers.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.applications.directions import FOLDER, Directions, moved
from kgan.applications.encoding import load_encoder
from kgan.applications.inversion import STEPS, Inversion, check_game, invert
from kgan.controls import Change
from kgan.errors import UserError, few, nearest
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.models import GAN

STRENGTH = 3.0  # deviations of z
BATCH = 64  # pictures that are translated together
NAMED = 20  # attributes in a message


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
    made = along(game, found, vector, strength)
    return (made if anew else with_change(images, found, made)), found


def along(
    game: "GAN", found: Inversion, vector: np.ndarray, strength: float = STRENGTH
) -> np.ndarray:
    """Returns G(z + strength n) for codes that were found, uint8 (n, H, W, C)."""
    latent = {name: tf.constant(value) for name, value in found.latent.items()}
    return sampling.draw(game, moved(game, latent, vector, strength))


def with_change(images: np.ndarray, found: Inversion, made: np.ndarray) -> np.ndarray:
    """Returns pictures plus the difference between two that G made, uint8 (n, H, W, C).

    Args:
        images: the pictures.
        found: their inversion, from which the difference is taken.
        made: what G makes of the moved codes.
    """
    change = made.astype(np.int16) - found.images
    return np.clip(images + change, 0, 255).astype(np.uint8)


class CodeEditor:
    """Edits the pictures of a game that draws from noise, by `edit`.

    Args:
        game: a game that makes images from noise.
        directions: found for this game.
        encoder: of the game, or None.
    """

    def __init__(
        self, game: "GAN", directions: Directions, encoder: keras.Model | None = None
    ) -> None:
        self.game, self.directions, self.encoder = game, directions, encoder

    def check(self, attribute: str, **settings: Any) -> None:
        """Raises UserError for an unknown direction, or if `keep` leaves nothing."""
        self.directions.without(attribute, settings.get("keep", ()))

    def __call__(
        self, images: np.ndarray, attribute: str, **settings: Any
    ) -> tuple[np.ndarray, list[str]]:
        """Returns edited pictures, uint8 (n, H, W, C), and a line about each.

        Args:
            images: uint8 (n, H, W, C), of the shape that the game makes.
            attribute: the name of a direction.
            settings: of `edit`.
        """
        given: Any = {"encoder": self.encoder} | settings
        edited, before = edit(self.game, images, self.directions, attribute, **given)
        return edited, [f"its code is found with {one:.1f} dB" for one in before.psnr]


class AttributeEditor:
    """Edits pictures by a game that changes attributes itself, such as `kgan.AttGAN`.

    Args:
        game: a game whose controls are an `Input` and several `Change`.
    """

    def __init__(self, game: "Game") -> None:
        self.game = game
        self.changes = {one.name: one for one in _changes(game)}

    def check(self, attribute: str, **settings: Any) -> None:
        """Raises UserError unless it is NAME=VALUE of this game, without settings."""
        for name, value in settings.items():
            raise UserError(
                f"{name}={value}",
                "has no effect: the run changes attributes without a code",
                "leave it out",
            )
        self._parsed(attribute)

    def __call__(
        self, images: np.ndarray, attribute: str, **settings: Any
    ) -> tuple[np.ndarray, list[str]]:
        """Returns edited pictures, uint8 (n, H, W, C), and a line about each.

        Args:
            images: uint8 (n, H, W, C), of the shape that the game takes.
            attribute: such as "mouth=smirk".
            settings: none.
        """
        self.check(attribute, **settings)
        name, number = self._parsed(attribute)
        options, edited, lines = self.changes[name].options, [], []
        for begin in range(0, len(images), BATCH):
            some = images[begin : begin + BATCH]
            edited.append(self.game.generate(source=some, **{name: number}))
            read = self.game.read_codes(self.game.as_inputs({"real": some})["real"])
            lines += [
                f"{name} read as {options[own]}, now {options[number]}"
                for own in np.asarray(read[name]).argmax(-1)
            ]
        return np.concatenate(edited), lines

    def _parsed(self, attribute):
        """The name of an attribute, and the number of its option."""
        name, _, value = attribute.partition("=")
        asked = f"attribute={attribute}"
        if name not in self.changes:
            every = [f"{n}={one}" for n, c in self.changes.items() for one in c.options]
            raise UserError(
                asked,
                f"no such attribute{nearest(name, self.changes)}",
                f"there are {few(every, NAMED)}",
            )
        try:
            return name, int(self.changes[name].parsed(value))
        except UserError as error:
            raise UserError(asked, f"{name} {error.problem}") from error


Editor: TypeAlias = CodeEditor | AttributeEditor


def editor_of(
    game: "Game", workdir: PathLike, directions: Directions | None = None
) -> Editor:
    """Returns what edits pictures by the game of a run.

    It is the game itself, if it changes attributes. Otherwise codes are moved along
    directions that were found.

    Args:
        game: the trained game.
        workdir: of the run.
        directions: found for this game; by default those in the workdir.

    Raises:
        UserError: the run neither changes attributes nor draws images from noise, or has
            no directions.
    """
    if _changes(game):
        if directions is not None:
            raise UserError(
                "directions", "have no effect: the run changes attributes by itself"
            )
        return AttributeEditor(game)
    check_game(game)
    drawing: Any = game
    found = directions or Directions.load(Path(workdir) / FOLDER, drawing)
    return CodeEditor(drawing, found, load_encoder(drawing, workdir))


def _changes(game):
    return [one for one in game.controls() if isinstance(one, Change)]
