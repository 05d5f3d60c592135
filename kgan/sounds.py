"""Notes as sound: a small additive synthesiser, and WAV files."""

import wave

import numpy as np

from kgan.files import replacing
from kgan.typing import PathLike

RATE = 16_000  # samples in a second
HARMONICS = (1.0, 0.5, 0.25, 0.12, 0.06)  # amplitudes of the partials of a note
ATTACK, RELEASE = 0.02, 0.08  # seconds
FADE = 1.2  # seconds in which a note that is held loses most of its strength
CONCERT_PITCH = 440.0  # Hz, of the pitch 69


def synthesise(rolls: np.ndarray, seconds: float = 0.2) -> np.ndarray:
    """Returns the sound of a roll, float32 (samples,) in [-1, 1], `RATE` a second.

    Each note is a sum of harmonics that fades away. A pitch that stays the same is held.

    Args:
        rolls: MIDI pitches (steps, voices), 0 for silence.
        seconds: of a step.
    """
    step = round(seconds * RATE)
    tail = round(RELEASE * RATE)
    sound = np.zeros(len(rolls) * step + tail, np.float32)
    for start, length, pitch in notes(rolls):
        first, count = start * step, length * step + tail
        sound[first : first + count] += _note(pitch, count, tail)
    loudest = float(np.abs(sound).max())
    return sound if loudest == 0 else 0.9 * sound / loudest


def notes(rolls: np.ndarray) -> list[tuple[int, int, int]]:
    """Returns (first step, number of steps, pitch) of each note of a roll.

    Args:
        rolls: MIDI pitches (steps, voices), 0 for silence.
    """
    found = []
    for voice in np.asarray(rolls, int).T:
        ends = [*(np.flatnonzero(np.diff(voice)) + 1), len(voice)]
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            if voice[start]:
                found.append((int(start), int(end - start), int(voice[start])))
    return found


def _note(pitch, count, tail):
    time = np.arange(count, dtype=np.float32) / RATE
    frequency = CONCERT_PITCH * 2.0 ** ((pitch - 69) / 12)
    tone = sum(
        strength * np.sin(2 * np.pi * frequency * number * time)
        for number, strength in enumerate(HARMONICS, 1)
        if frequency * number < RATE / 2
    )
    shape = np.minimum(1.0, time / ATTACK) * np.exp(-time / FADE)
    shape[-tail:] *= np.linspace(1.0, 0.0, tail, dtype=np.float32)
    return (tone * shape).astype(np.float32)


def save_wav(path: PathLike, sound: np.ndarray) -> None:
    """Writes a sound, float (samples,) in [-1, 1], as a WAV file of 16 bits."""
    values = np.rint(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    with replacing(path) as temporary, wave.open(str(temporary), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(values.tobytes())
