"""Voices for a melody of any length, by a generator of music of one length."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgan.controls import Input
from kgan.data.decoding.midi import UnusableMusic, read_midi
from kgan.data.kinds import Roll
from kgan.errors import UserError
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.export.exported import Exported
    from kgan.game import Game

OCTAVE = 12  # semitones


def control_of(game: "Game | Exported", name: str) -> Input:
    """Returns the control of the voices to which a generator adds others.

    Args:
        game: a trained game, or an export.
        name: what the user called it, for the message.

    Raises:
        UserError: it adds no voices.
    """
    found = [one for one in game.controls() if isinstance(one, Input)]
    if not found or not isinstance(found[0].field.kind, Roll):
        raise UserError(
            name, "adds no voices", "train one with --variant=music --config.given=1"
        )
    return found[0]


def read(path: PathLike, control: Input, transpose: int = 0) -> np.ndarray:
    """Reads a MIDI file as the voices that a generator takes.

    Args:
        path: of the file.
        control: of the generator.
        transpose: semitones by which all its notes are moved up.

    Returns: MIDI pitches, uint8 (steps, voices), 0 for silence.

    Raises:
        UserError: it is no such file, is too short, or has pitches that the generator
            does not know.
    """
    kind: Any = control.field.kind
    steps, voices = control.field.shape
    if not Path(path).is_file():
        raise UserError(path, "no such file", exit_code=1)
    try:
        roll = read_midi(path, voices, kind.ticks)
    except UnusableMusic as error:
        told = f"give a MIDI file with {voices}, each in a track"
        raise UserError(path, str(error), told, exit_code=1) from error
    if len(roll) < steps:
        raise UserError(
            path,
            f"has {len(roll)} steps of a sixteenth, and the generator {steps}",
            "give a longer melody",
            exit_code=1,
        )
    moved = np.where(roll, roll.astype(int) + transpose, 0)
    if not kind.knows(moved):
        raise UserError(path, *_moved_so_that(moved, kind, transpose), exit_code=1)
    return moved.astype(np.uint8)


def _moved_so_that(roll, kind, transpose):
    """Returns the fault of a roll's pitches, and the transposition that mends it."""
    low = kind.lowest[0]
    wrong = f"has pitches from {roll[roll > 0].min()} to {roll.max()}"
    wrong += f", and the generator knows {low} to {low + kind.pitches - 1}"
    by_distance = sorted(range(-3 * OCTAVE, 3 * OCTAVE + 1), key=abs)
    fits = (s for s in by_distance if kind.knows(np.where(roll, roll + s, 0)))
    shift = next(fits, None)
    if shift is None:
        return wrong, "no transposition helps"
    return wrong, f"say `transpose={transpose + shift}`"


def accompany(
    generate: Callable[..., np.ndarray], given: np.ndarray, steps: int, seed: int = 0
) -> np.ndarray:
    """Adds voices to given ones, window by window.

    The windows follow each other, and the last one ends with the melody: it may begin
    within the one before, of which its voices then replace the end. The generator has
    learned music without rests, so it gets the note before a rest instead of the rest.

    Args:
        generate: `generate` of a trained game or of an export.
        given: MIDI pitches, uint8 (n, voices), n >= steps.
        steps: of a window.
        seed: equal seeds add equal voices.

    Returns: uint8 (n, all voices); the given ones come first.
    """
    starts = [*range(0, len(given) - steps, steps), len(given) - steps]
    sounding = np.stack([_sounding(voice) for voice in given.T], 1)
    windows = np.stack([sounding[start : start + steps] for start in starts])
    made = np.asarray(generate(source=windows, seed=seed))
    whole = np.zeros((len(given), made.shape[2]), np.uint8)
    for start, window in zip(starts, made, strict=True):
        whole[start : start + steps] = window
    whole[:, : given.shape[1]] = given
    return whole


def _sounding(voice):
    """A voice, (n,), whose notes last through the rests after them; the first begins."""
    played = np.flatnonzero(voice)
    if not len(played):
        return voice
    before = np.searchsorted(played, np.arange(len(voice)), "right") - 1
    return voice[played[np.maximum(before, 0)]]


def kind_of(roll: np.ndarray, ticks: int) -> Roll:
    """Returns the kind of a roll (steps, voices) by which it is written and drawn."""
    low = int(roll[roll > 0].min())
    return Roll([low] * roll.shape[1], int(roll.max()) - low + 1, ticks)
