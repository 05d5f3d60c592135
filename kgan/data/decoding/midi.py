"""MIDI files, read to rolls and written from them, with the package mido."""

import math
from typing import Any

import numpy as np

from kgan.errors import UserError
from kgan.files import replacing
from kgan.sounds import notes
from kgan.typing import PathLike

NEEDED = "pip install 'kgan[music]'"
TICKS = 120  # of a file, in a step
DRUMS = 9  # the channel whose pitches are drums
LONGEST = 100_000  # steps of a file: a damaged one may say anything


class UnusableMusic(Exception):
    """A file that holds no music for a roll; the message is the reason."""


def _mido() -> Any:
    try:
        import mido  # pyright: ignore[reportMissingImports] an extra
    except ImportError:
        raise UserError("MIDI files", "need the package mido", NEEDED) from None
    return mido


def save_midi(path: PathLike, roll: np.ndarray, ticks: int = 4) -> None:
    """Writes a roll as a MIDI file with a track for each voice.

    Args:
        path: of the file.
        roll: MIDI pitches (steps, voices), 0 for silence.
        ticks: steps in a quarter note.

    Raises:
        UserError: the package mido is missing.
    """
    mido = _mido()
    file = mido.MidiFile(ticks_per_beat=TICKS * ticks)
    for voice in range(roll.shape[1]):
        track = mido.MidiTrack()
        file.tracks.append(track)
        at, channel = 0, voice if voice < DRUMS else voice + 1
        for start, length, pitch in notes(roll[:, voice : voice + 1]):
            said = {"note": pitch, "channel": channel % 16}
            wait = (start * TICKS) - at
            track.append(mido.Message("note_on", velocity=80, time=wait, **said))
            held = length * TICKS
            track.append(mido.Message("note_off", velocity=0, time=held, **said))
            at = (start + length) * TICKS
    with replacing(path) as temporary:
        file.save(str(temporary))


def read_midi(path: PathLike, voices: int, ticks: int = 4) -> np.ndarray:
    """Reads a MIDI file as a roll, uint8 (steps, voices); 0 is silence.

    Each track, or each channel where there is one track, is a voice, the highest first;
    of notes that sound together in a voice the highest counts. Drums are left out.

    Args:
        path: of the file.
        voices: how many there have to be.
        ticks: steps in a quarter note.

    Raises:
        UnusableMusic: it is damaged, or has another number of voices.
        UserError: the package mido is missing.
    """
    mido = _mido()
    try:
        file = mido.MidiFile(str(path))
        found = _parts(file, ticks)
    # Files come from anywhere: one bad file must not end the run.
    except Exception as error:
        raise UnusableMusic(f"damaged: {error}") from error
    if len(found) != voices:
        raise UnusableMusic(f"{len(found)} voices")
    length = max(end for part in found for _, end, _ in part)
    if length > LONGEST:
        raise UnusableMusic("too long")
    roll = np.zeros((length, voices), np.uint8)
    order = sorted(found, key=lambda part: -np.mean([pitch for *_, pitch in part]))
    for voice, part in enumerate(order):
        for start, end, pitch in part:
            roll[start:end, voice] = np.maximum(roll[start:end, voice], pitch)
    return roll


def _parts(file, ticks):
    """The notes of each voice, (start, end, pitch) in steps."""
    if file.ticks_per_beat <= 0:
        raise ValueError("counts in frames of a film, not in beats")
    step = file.ticks_per_beat / ticks
    parts: dict[Any, list] = {}
    for number, track in enumerate(file.tracks):
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type not in ("note_on", "note_off") or message.channel == DRUMS:
                continue
            key = message.channel, message.note
            begins = message.type == "note_on" and message.velocity
            if key in sounding:
                start = math.floor(sounding.pop(key) / step + 0.5)
                end = max(start + 1, math.floor(now / step + 0.5))
                parts.setdefault((number, message.channel), []).append(
                    (start, end, message.note)
                )
            if begins:
                sounding[key] = now
    return list(parts.values())
