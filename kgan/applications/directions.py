"""Directions in the space of z along which what G draws changes in one respect."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.errors import UserError, few, nearest
from kgan.files import replacing
from kgan.pictures import LARGE_CELL, tile

if TYPE_CHECKING:
    from kgan.models import GAN

FOLDER = "directions"  # in a workdir
DEPENDENT = 1e-2  # a singular value below this share of the first: no direction more
STRENGTHS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)  # in deviations of z


@dataclasses.dataclass(frozen=True)
class Directions:
    """Unit vectors in the space of z, with names.

    Attributes:
        names: of the directions, such as "mouth=smirk" or "sefa-1".
        vectors: float32 (k, d), of length 1.
        scores: of each: of "svm" the share of held-out confident codes on the right side
            of it, of "sefa" and "pca" its share of the variance.
        iterations: of the game when they were found.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    scores: np.ndarray
    iterations: int = 0

    def __getitem__(self, name: str) -> np.ndarray:
        """The vector of a name, (d,); raises UserError for an unknown one."""
        return self._of(name, "attribute")

    def _of(self, name, field):
        if name not in self.names:
            raise UserError(
                f"{field}={name}",
                f"no such direction{nearest(name, self.names)}",
                f"there are {few(self.names, 20) or 'none'}",
            )
        return self.vectors[self.names.index(name)]

    def without(self, name: str, others: Sequence[str]) -> np.ndarray:
        """Returns a direction that leaves others as they are, as far as planes tell.

        It is the part of `name` at right angles to all of `others` (Shen 2020,
        InterFaceGAN, Eq. 6, for any number of them), of length 1.

        Raises:
            UserError: an unknown name, or nothing is left.
        """
        vector = self[name]
        if not others:
            return vector
        kept = np.stack([self._of(one, "keep") for one in others], 1)
        basis, sizes, _ = np.linalg.svd(kept, full_matrices=False)
        basis = basis[:, sizes > DEPENDENT * sizes[0]]
        left = vector - basis @ (basis.T @ vector)
        length = np.linalg.norm(left)
        if length < 1e-3:
            raise UserError(
                f"keep={','.join(others)}", f"leaves nothing of {name}", "keep fewer"
            )
        return (left / length).astype(np.float32)

    def with_others(self, path: Path, game: "GAN") -> "Directions":
        """Returns these, after those of other names that a file has for the same state."""
        if not path.exists():
            return self
        old = self._read(path, game)
        if old.iterations != self.iterations:
            return self
        rows = [i for i, name in enumerate(old.names) if name not in self.names]
        names = tuple(old.names[i] for i in rows)
        kept = Directions(names, old.vectors[rows], old.scores[rows])
        return self._joined([kept, self], self.iterations)

    def save(self, path: Path) -> None:
        """Writes them as an .npz, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: Any = dataclasses.asdict(self) | {"names": np.array(self.names, str)}
        with replacing(path) as temporary:
            np.savez_compressed(temporary, **arrays)

    @classmethod
    def load(cls, folder: Path, game: "GAN") -> "Directions":
        """Returns all directions of a folder that are of the game as it is now.

        Raises:
            UserError: there are none, or a file is damaged.
        """
        read = {path: cls._read(path, game) for path in sorted(folder.glob("*.npz"))}
        if not read:
            raise UserError(
                folder, "has no directions", "bin/find_directions finds some"
            )
        now = int(game.iterations)
        found = [one for one in read.values() if one.iterations == now]
        if not found:
            names = few([path.name for path in read])
            raise UserError(
                folder, f"{names}: of an earlier state of this run", "find them anew"
            )
        return cls._joined(found, now)

    @classmethod
    def _joined(cls, parts, iterations):
        return cls(
            tuple(name for one in parts for name in one.names),
            np.concatenate([one.vectors for one in parts]),
            np.concatenate([one.scores for one in parts]),
            iterations,
        )

    @classmethod
    def _read(cls, path, game):
        try:
            with np.load(path) as held:
                names = tuple(map(str, held["names"]))
                one = cls(
                    names, held["vectors"], held["scores"], int(held["iterations"])
                )
            if one.vectors.shape != (len(names), game.generator.input["z"].shape[-1]):
                raise ValueError(f"vectors of shape {one.vectors.shape}")
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(
                path, f"damaged ({reason})", "find them anew", exit_code=1
            ) from error
        return one


def moved(
    game: "GAN", latent: dict[str, tf.Tensor], vector: np.ndarray, strength: float
) -> dict[str, tf.Tensor]:
    """Returns latents whose z is moved along a direction by so many deviations of it."""
    far = strength * game.prior.deviation
    return latent | {"z": latent["z"] + far * tf.constant(vector, tf.float32)}


def sheet(game: "GAN", vectors: np.ndarray, rows: int = 1, seed: int = 0) -> np.ndarray:
    """Returns a picture of what directions do: `rows` samples each, moved along them.

    The middle column is the sample itself; the others are `STRENGTHS`.

    Args:
        game: a game that makes images from noise.
        vectors: (k, d).
        rows: samples for each direction; the same for all.
        seed: of the samples.
    """
    start = game.latents(rows, (1, seed))
    columns = [
        sampling.draw(game, moved(game, start, vector, strength))
        for vector in vectors
        for strength in STRENGTHS
    ]
    shape = (len(vectors), len(STRENGTHS), rows, *columns[0].shape[1:])
    grid = np.stack(columns).reshape(shape).swapaxes(1, 2)
    return tile(
        grid.reshape(-1, *shape[3:]), len(vectors) * rows, len(STRENGTHS), LARGE_CELL
    )
