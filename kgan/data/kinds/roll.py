"""The kind of rolls: music as the pitch of each voice at each step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from kgan.data.kinds.kind import Kind
from kgan.errors import UserError
from kgan.pictures import GAP, tile
from kgan.sounds import save_wav, synthesise
from kgan.typing import PathLike, Tensor

REST = 0  # the pitch of a voice that is silent
HIGHEST = 127  # of MIDI
COLOURS = ((214, 69, 65), (230, 160, 40), (60, 150, 90), (50, 90, 190))  # of voices
HEIGHT = 4  # pixels of a pitch, and of a step, in a picture
PLAYED = 4  # rolls that are heard one after the other


class Roll(Kind):
    """Music, stored as uint8 (T, V): the MIDI pitch of each voice at each step, or 0.

    Networks take one-hot vectors (T, V, P): number 0 is silence, and number i the pitch
    `lowest` + i - 1 of the voice. They return logits, of which the largest counts. One
    example is written as a MIDI file, and next to it as a WAV file.

    Args:
        lowest: the lowest pitch of each voice.
        pitches: how many pitches a voice has; P is one more.
        ticks: steps in a quarter note.
    """

    name = "roll"
    plural = "rolls"
    dtypes = ("uint8",)
    rank = 2
    suffix = ".mid"
    suffixes = (".mid", ".wav")
    grid = (4, 4)

    def __init__(
        self, lowest: Sequence[int] = (1,), pitches: int = HIGHEST, ticks: int = 4
    ) -> None:
        self.lowest = tuple(map(int, lowest))
        self.pitches, self.ticks = int(pitches), int(ticks)

    def plain(self) -> dict[str, Any]:
        return {
            "lowest": [*self.lowest],
            "pitches": self.pitches,
            "ticks": self.ticks,
        }

    @property
    def width(self) -> int:
        """P, the numbers of a one-hot vector."""
        return self.pitches + 1

    def of_voices(self, voices: slice) -> "Roll":
        """Returns the kind of some of the voices."""
        return Roll(self.lowest[voices], self.pitches, self.ticks)

    def to_network(self, stored: Tensor) -> Tensor:
        """Converts pitches (n, T, V) to one-hot float32 (n, T, V, P)."""
        pitch = ops.cast(stored, "int32")
        below = ops.convert_to_tensor(self.lowest, "int32") - 1
        number = ops.where(pitch == REST, 0, pitch - below)
        return ops.one_hot(number, self.width, dtype="float32")

    def from_network(self, x: Tensor) -> Tensor:
        """Converts logits or shares (n, T, V, P) to pitches, the most likely of each."""
        number = ops.cast(ops.argmax(x, axis=-1), "int32")
        below = ops.convert_to_tensor(self.lowest, "int32") - 1
        return ops.cast(ops.where(number == 0, REST, number + below), "uint8")

    def knows(self, rolls: np.ndarray) -> bool:
        """Returns whether each pitch of rolls (..., V) is one of its voice's, or 0."""
        low = np.array(self.lowest)
        inside = (rolls == REST) | ((rolls >= low) & (rolls < low + self.pitches))
        return bool(inside.all())

    def check(self, name: str, array: np.ndarray) -> None:
        super().check(name, array)
        if array.shape[2] != len(self.lowest):
            raise UserError(
                name, f"rolls of {len(self.lowest)} voices; got {array.shape[2]}"
            )
        if not self.knows(array):
            told = ", ".join(
                f"{one} to {one + self.pitches - 1}" for one in self.lowest
            )
            raise UserError(name, f"holds pitches outside of its voices' ({told})")

    def picture(
        self,
        values: np.ndarray,
        columns: int,
        real: np.ndarray | None = None,
        titles: Sequence[str] = (),
    ) -> np.ndarray:
        """Returns piano rolls: time goes to the right, pitch up, a colour for a voice."""
        rolls = np.asarray(values)
        low, high = min(self.lowest), max(self.lowest) + self.pitches
        shown = np.full((*rolls.shape[:2], high - low, 3), 245, np.uint8)
        for voice in reversed(range(rolls.shape[2])):
            example, step = np.nonzero(rolls[..., voice])
            pitch = rolls[example, step, voice].astype(int)
            shown[example, step, high - 1 - pitch] = COLOURS[voice % len(COLOURS)]
        drawn = shown.swapaxes(1, 2).repeat(HEIGHT, 1).repeat(HEIGHT, 2)
        return tile(drawn, -(-len(drawn) // columns), columns, cell=GAP)

    def sound(self, values: np.ndarray) -> np.ndarray:
        """Returns the first rolls as sound, one after the other, with a rest between."""
        rolls = np.asarray(values)[:PLAYED]
        rest = np.zeros((self.ticks, rolls.shape[2]), rolls.dtype)
        return synthesise(
            np.concatenate([part for one in rolls for part in (one, rest)])
        )

    def write(self, path: PathLike, value: np.ndarray) -> None:
        from kgan.data.decoding.midi import save_midi

        save_midi(path, value, self.ticks)
        save_wav(Path(path).with_suffix(".wav"), synthesise(value))

    def describe(self, shape: tuple[int, ...]) -> str:
        return f"rolls of {shape[0]} steps, {shape[1]} voices"
