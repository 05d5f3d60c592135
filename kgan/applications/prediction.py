"""Prediction of the frames of a film of any size, by a generator of clips of one size."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan.controls import Input
from kgan.data.decoding import films
from kgan.data.decoding.opening import UnusablePicture
from kgan.data.kinds import Frames
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.export.exported import Exported
    from kgan.game import Game

MARK = (225, 60, 40)  # the colour around a predicted frame
WIDE = 1 / 32  # of the side of a frame: the width of that mark


def control_of(game: "Game | Exported", name: str) -> Input:
    """Returns the control of the frames from which a generator goes on.

    Args:
        game: a trained game, or an export.
        name: what the user called it, for the message.

    Raises:
        UserError: it does not start from frames.
    """
    found = [one for one in game.controls() if isinstance(one, Input)]
    if not found or not isinstance(found[0].field.kind, Frames):
        raise UserError(name, "predicts no frames", "train `variant=next_frame`")
    return found[0]


def read(path: PathLike, control: Input, fit: str = "crop") -> films.Film:
    """Reads a film as a generator takes its frames: of its size and channels.

    Raises:
        UserError: it is no film, or has too few frames.
    """
    seen, *size, channels = control.field.shape
    try:
        film = films.read_film(path, Size(*size), fit)
    except (UnusablePicture, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(path, reason, exit_code=1) from error
    if len(film.frames) < seen:
        raise UserError(
            path,
            f"has {len(film.frames)} frames, and the generator starts from {seen}",
            "give a longer film",
            exit_code=1,
        )
    return film._replace(frames=films.with_channels(film.frames, channels))


def predict(
    generate: Callable[..., np.ndarray], frames: np.ndarray, seen: int, count: int
) -> np.ndarray:
    """Predicts frames one after the other, each from those before it.

    Args:
        generate: `generate` of a trained game or of an export.
        frames: uint8 (n, H, W, C), n >= seen.
        seen: how many frames the generator sees.
        count: how many are predicted.

    Returns: uint8 (count, H, W, C).
    """
    known = list(frames[-seen:])
    for _ in range(count):
        known.append(generate(source=np.stack(known[-seen:])[None])[0, 0])
    return np.stack(known[seen:]) if count else frames[:0]


def marked(frames: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Returns a film of given and predicted frames; the latter have a coloured border.

    Args:
        frames: uint8 (n, H, W, C).
        predicted: uint8 (m, H, W, C).

    Returns: uint8 (n + m, H + 2 b, W + 2 b, 3), with a border of b pixels.
    """
    border = max(1, round(WIDE * min(frames.shape[1:3])))
    parts: list[Any] = []
    for some, colour in ((frames, (0, 0, 0)), (predicted, MARK)):
        n, height, width, _ = some.shape
        room = np.empty((n, height + 2 * border, width + 2 * border, 3), np.uint8)
        room[:] = colour
        room[:, border:-border, border:-border] = some
        parts.append(room)
    return np.concatenate(parts)


def enlarged(frames: np.ndarray, side: int = 128) -> np.ndarray:
    """Returns frames enlarged by a whole factor, to about `side` pixels at most."""
    factor = max(1, side // max(frames.shape[1:3]))
    return frames.repeat(factor, axis=1).repeat(factor, axis=2)


def checked_out(path: PathLike, overwrite: bool) -> Path:
    """Returns the path of the result, a GIF.

    Raises:
        UserError: another suffix, or a file that is there already.
    """
    out = Path(path).expanduser()
    if out.suffix.lower() != ".gif":
        raise UserError(out, "must end in .gif")
    if out.exists() and not overwrite:
        raise UserError(out, "is there already", "say `overwrite` to replace it")
    return out
