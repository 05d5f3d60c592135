"""Inversion: from a picture to the latents from which a generator makes it."""

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.applications.descent import Descent, best_of
from kgan.controls import TRUNCATION, Choice, Input, Range
from kgan.data.kinds import Image
from kgan.errors import UserError
from kgan.typing import Seed, Tensor, Tensors

if TYPE_CHECKING:
    from kgan.models import GAN

FOLDER = "inverted"  # for the results, in a workdir
METHODS = ("encoder", "optimise", "both")
STEPS, FIRST_STEPS = 200, 50  # of the search, and of the one that compares its starts
BATCH = 500  # codes that move together
MOST_STARTS = 200  # of each picture
NEAR_MEAN = 1e-3  # the truncation of a code at the middle of the prior
FIND = (
    "an encoder finds the label: train one with `train_encoder`, and use `method=both`"
)


@dataclasses.dataclass(frozen=True)
class Inversion:
    """The latents that draw some pictures, and how near they come.

    Attributes:
        latent: the inputs of G, name -> (n, ...).
        images: what G makes of them, uint8 (n, H, W, C).
        errors: mean squared error of each, of pixels in [0, 1], (n,).
        controls: name of a control -> its values, such as labels, (n, ...).
    """

    latent: dict[str, np.ndarray]
    images: np.ndarray
    errors: np.ndarray
    controls: dict[str, np.ndarray]

    @property
    def psnr(self) -> np.ndarray:
        """The peak signal-to-noise ratio of each picture, in dB, (n,)."""
        return -10 * np.log10(np.maximum(self.errors, 1e-10))


def invert(
    game: "GAN",
    images: np.ndarray,
    method: str = "optimise",
    encoder: keras.Model | None = None,
    *,
    steps: int = STEPS,
    restarts: int = 1,
    seed: int = 0,
) -> Inversion:
    """Finds latents from which G makes pictures like the given ones.

    "optimise" descends |G(z) - x|^2 with Adam from the middle of the prior, and from
    drawn codes for further `restarts`. It does so for each label, or category, compares
    after some steps, and goes on with the best. "encoder" takes what a network reads off
    the picture. "both" starts from there. The latents stay where the prior often is.

    Args:
        game: a game that makes images from noise.
        images: uint8 (n, H, W, C), of the shape that the game makes.
        method: of `METHODS`.
        encoder: as `kgan.applications.encoding.train_encoder` makes it.
        steps: of the descent.
        restarts: starts of "optimise" for each label; "both" has one.
        seed: of the drawn starts.

    Raises:
        UserError: images of another shape, a game that cannot be inverted, no encoder,
            or too many labels to try.
    """
    check(game, images)
    if method not in METHODS:
        raise UserError(f"method={method}", f"there are {', '.join(METHODS)}")
    if method != "optimise" and encoder is None:
        raise UserError(
            f"method={method}",
            "needs an encoder",
            "train one with `train_encoder`, or use `method=optimise`",
        )
    starts = starts_of(game, restarts, FIND) if method == "optimise" else [{}]
    size = min(len(images), max(1, BATCH // len(starts)))  # pictures at a time
    first = Descent(game, size * len(starts)) if len(starts) > 1 else None
    search = Descent(game, size) if method != "encoder" else None
    found = []
    for begin in range(0, len(images), size):
        some = images[begin : begin + size]
        x = game.real_field.kind.to_network(tf.constant(some))
        if method == "optimise":
            latent = _best_start(game, x, starts, first, seed)
        else:
            latent = encoded(game, encoder, x)
        if search:
            latent, _ = search(x, latent, steps)
        found.append({name: np.asarray(value) for name, value in latent.items()})
    joined = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    return reconstructed(game, images, joined)


def reconstructed(
    game: "GAN", images: np.ndarray, latent: dict[str, np.ndarray]
) -> Inversion:
    """Returns the `Inversion` of images, uint8 (n, H, W, C), that these latents are."""
    held: Tensors = {name: tf.constant(value) for name, value in latent.items()}
    made = sampling.draw(game, held)
    apart = (made.astype(np.float32) - images) / 255
    values = {name: np.asarray(v) for name, v in game.control_values(held).items()}
    return Inversion(latent, made, np.square(apart).mean(axis=(1, 2, 3)), values)


def mean_code(game: "GAN", n: int) -> Tensors:
    """Returns the middle of the prior `n` times, with the game's first label."""
    return _middle(game, n, (0, 0), {one.name: 0 for one in choices(game)})


def _middle(game, n, seed, fixed):
    """The middle of the prior and of all ranges `n` times, with fixed options."""
    ranges = {
        one.name: np.full(one.n or (), (one.low + one.high) / 2, np.float32)
        for one in game.controls()
        if isinstance(one, Range) and one.name != TRUNCATION.name
    }
    return drawn(game, n, seed, fixed | ranges, NEAR_MEAN)


def check_game(game: Any) -> None:
    """Raises UserError unless a game makes images of codes and labels."""
    offered = game.controls()
    if not offered or any(isinstance(one, Input) for one in offered):
        raise UserError("workdir", "its game draws nothing from noise")
    field = game.real_field
    if field.kind != Image():
        raise UserError("workdir", f"its game makes {field.kind.plural}, and no images")
    odd = set(game.generator.input) - {"z"} - {one.name for one in choices(game)}
    if odd:
        told = " and ".join(sorted(odd))
        raise UserError(
            "workdir", f"its game draws from a {told}, which is not inverted"
        )


def check(game: "GAN", images: np.ndarray) -> None:
    """Raises UserError unless a game can be inverted, and makes images of this shape."""
    check_game(game)
    field = game.real_field
    if images.dtype != np.uint8 or images.shape[1:] != field.shape or not len(images):
        told = "x".join(map(str, images.shape))
        raise UserError(
            f"images={told}",
            f"the game makes {field.kind.describe(field.shape)}, uint8",
        )


def choices(game: "GAN") -> list[Choice]:
    """Returns the controls of which G takes one of several options."""
    return [one for one in game.controls() if isinstance(one, Choice)]


def encoded(game: "GAN", encoder: keras.Model, x: Tensor) -> Tensors:
    """Returns the latents that an encoder reads off pictures, as networks take them."""
    answer = encoder(x, training=False)
    latent = {name: tf.argmax(v, -1, tf.int32) for name, v in answer.items()}
    return game.nearest_latents(latent | {"z": answer["z"]})


def starts_of(
    game: "GAN", restarts: int, remedy: str = ""
) -> list[tuple[dict[str, int], int]]:
    """Returns the starts to compare: (options by name, number of the restart) each.

    Args:
        game: a game.
        restarts: for each label.
        remedy: what to do if not even one for each label is possible.

    Raises:
        UserError: they are too many.
    """
    named = choices(game)
    options = list(itertools.product(*(range(len(one.options)) for one in named)))
    if len(options) * restarts > MOST_STARTS:
        most = MOST_STARTS // len(options)
        raise UserError(
            f"restarts={restarts}",
            f"with {len(options):,} labels to try makes more than {MOST_STARTS} starts "
            "of each picture",
            f"ask for at most {most}" if most else remedy,
        )
    names = [one.name for one in named]
    return [
        (dict(zip(names, option, strict=True)), number)
        for number, option in itertools.product(range(restarts), options)
    ]


def _best_start(game, x, starts, first, seed):
    """The latents of each picture that are best after a few steps from every start."""
    n = len(x)
    every = [
        (drawn if number else _middle)(game, n, (number, seed), fixed)
        for fixed, number in starts
    ]
    return best_of(first, x, every, FIRST_STEPS)[0] if first else every[0]


def drawn(
    game: "GAN",
    n: int,
    seed: Seed,
    fixed: dict[str, Any],
    truncation: float | None = None,
) -> Tensors:
    """Returns latents of `n` samples with fixed controls; truncated where the game can.

    Args:
        game: a game.
        n: how many.
        seed: int32 (2,).
        fixed: name of a control -> the number of an option, or numbers.
        truncation: as the prior takes it; None for the whole prior.
    """
    known = {one.name for one in game.controls()}
    near = {}
    if truncation is not None and TRUNCATION.name in known:
        near = {TRUNCATION.name: truncation}
    return game.latents(n, seed, **fixed, **near)
