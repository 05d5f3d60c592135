"""Scores of codes: controls that a game reads back from its samples, as InfoGAN's."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan import metrics
from kgan.applications import sampling
from kgan.controls import Choice
from kgan.evaluation.reference import Reference
from kgan.evaluation.sources import Source
from kgan.metrics import Score

if TYPE_CHECKING:
    from kgan.game import Game


def add(
    codes: dict[str, list[Any]],
    game: "Game",
    images: np.ndarray,
    latent: dict[str, Any],
) -> None:
    """Adds what a game reads back of `images` to `codes`, for each code among its controls.

    Args:
        codes: name of a control -> list of (logits (n, k), the numbers asked for (n,)).
        game: the game that drew the images.
        images: as they are stored, (n, ...).
        latent: what they were drawn from.
    """
    values = game.control_values(latent)
    read = game.read_codes(game.as_inputs({"real": images})["real"])
    for control in game.controls():
        known = control.name in values and control.name in read
        if isinstance(control, Choice) and known:
            found = read[control.name].numpy(), np.asarray(values[control.name])
            codes.setdefault(control.name, []).append(found)


def scores(
    score: Callable[..., Score],
    source: Source,
    told: tuple[str, list[Any]],
    reference: Reference,
    details: dict[str, Any],
) -> list[Score]:
    """Returns L_I on generated images, and the unsupervised error on real ones.

    Args:
        score: (name, value) -> `kgan.metrics.Score`.
        source: the source of the images, which has a game.
        told: (name of the control, its list as `add` makes it).
        reference: the real images.
        details: gets the class of each category.
    """
    (name, codes), game = told, source.game
    if game is None:  # an export reads nothing back
        return []
    logits, code = (np.concatenate(part) for part in zip(*codes, strict=True))
    several = sum(isinstance(one, Choice) for one in game.controls()) > 1
    suffix = f"-{name}" if several else ""
    found = [score(f"L_I{suffix}", metrics.code_information(logits, code))]
    held_out = reference.held_out
    same = len(reference.train.classes) == logits.shape[-1]
    if held_out is not None and "label" in held_out and same:
        category = guess(game, held_out["real"], name).argmax(-1)
        error, matching = metrics.unsupervised_error(
            category, held_out["label"], len(held_out.classes)
        )
        found.append(score(f"code_error{suffix}", error))
        details[f"category_to_class{suffix}"] = list(matching)
    return found


def guess(game: "Game", pixels: np.ndarray, control: str = "category") -> np.ndarray:
    """Returns what a game reads back of a control from uint8 images: logits (n, k)."""
    parts = []
    for start in range(0, len(pixels), sampling.BATCH):
        x = game.as_inputs({"real": pixels[start : start + sampling.BATCH]})["real"]
        parts.append(game.read_codes(x)[control].numpy())
    return np.concatenate(parts)
