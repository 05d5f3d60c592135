"""Loading of music for several voices: chorales, or a folder of MIDI files."""

import importlib.util
import json
import os
from pathlib import Path

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.decoding.midi import UnusableMusic, read_midi
from kgan.data.kinds import Roll
from kgan.data.sources.arrays import one_group
from kgan.errors import UserError, few, printable
from kgan.typing import Log, PathLike

STEPS, VOICES, TICKS = 32, 4, 4  # two bars of 4/4 in sixteenths
TRANSPOSITIONS = range(-5, 7)  # in semitones: each key once
HELD_OUT = 10  # one piece of so many, where the data have no part for testing
SPELLINGS = {"train": ("train",), "test": ("test", "valid", "validation", "val")}
CORPUS = "chorales"  # the name of those of the package music21
SUFFIXES = (".mid", ".midi")


def load_rolls(
    dataset: PathLike,
    *,
    steps: int = STEPS,
    voices: int = VOICES,
    transpose: bool = True,
    split: str = "train",
    log: Log = print,
) -> Dataset:
    """Loads music as windows of equally many steps, of a sixteenth each.

    Windows overlap by half. Those in which a voice is silent at some step are left out.

    Args:
        dataset: "chorales", those of Bach in the package music21; a folder of MIDI
            files, with the subfolders train and test or without; or a JSON file, or a
            folder with one: {"train": pieces, "test": pieces}, where a piece is a list
            of steps and a step a list of MIDI pitches, one for each voice.
        steps: of a window.
        voices: how many a piece has to have.
        transpose: whether each window is taken in all keys in which its voices stay
            within the pitches of the data.
        split: "train" or "test".
        log: called with each line that is meant for the user.

    Returns:
        A `Dataset` with the field "real", of the kind `Roll`; windows of other pieces are
        held out, in their own key.

    Raises:
        UserError: there are no such data, or they cannot be used.
    """
    name, left_out = os.fspath(dataset), []
    if split not in SPELLINGS:
        raise UserError(f"split={split}", "music has the splits train and test")
    parts = _pieces(name, voices, left_out)
    other = "test" if split == "train" else "train"
    rows = {part: windows(parts[part], steps) for part in (split, other)}
    if not len(rows[split]):
        why = f" ({few(left_out)})" if left_out else ""
        raise UserError(
            f"dataset={name}",
            f"has no {steps} steps in which {voices} voices sound together{why}",
            "use longer pieces, or fewer `steps`",
            exit_code=1,
        )
    real = rows[split]
    lowest, highest = real.min((0, 1)), real.max((0, 1))
    kind = Roll(lowest, int((highest - lowest).max()) + 1, TICKS)
    unseen = rows[other]
    if len(unseen):
        unseen = unseen[_within(unseen, lowest, highest)]
    real = transposed(real, lowest, highest) if transpose else real
    short = printable(Path(name).stem) or name
    held = one_group(short, {"real": (unseen, kind)}) if len(unseen) else None
    if left_out:
        log(f"left out {len(left_out)} pieces: {few(left_out)}")
    data = one_group(
        short, {"real": (real, kind)}, held_out=held, left_out=tuple(left_out)
    )
    log(data.describe())
    return data


def windows(pieces: list[np.ndarray], steps: int) -> np.ndarray:
    """Returns windows of pieces, uint8 (n, steps, voices), in which no voice is silent.

    They begin every half of a window, and at the beginning of a piece.
    """
    found = [
        piece[start : start + steps]
        for piece in pieces
        for start in range(0, len(piece) - steps + 1, max(1, steps // 2))
    ]
    voices = pieces[0].shape[1] if pieces else 0
    whole = [one for one in found if one.all()]
    return np.stack(whole) if whole else np.zeros((0, steps, voices), np.uint8)


def transposed(
    rolls: np.ndarray, lowest: np.ndarray, highest: np.ndarray
) -> np.ndarray:
    """Returns rolls in all keys in which each voice stays within its pitches.

    Args:
        rolls: uint8 (n, steps, voices).
        lowest: the lowest pitch of each voice.
        highest: the highest of each.
    """
    moved = [rolls.astype(int) + shift for shift in TRANSPOSITIONS]
    kept = [one[_within(one, lowest, highest)].astype(np.uint8) for one in moved]
    return np.concatenate(kept)


def _within(rolls, lowest, highest):
    return ((rolls >= lowest) & (rolls <= highest)).all((1, 2))


def _pieces(name, voices, left_out):
    """{"train": pieces, "test": pieces}, each uint8 (steps, voices)."""
    what = "use chorales, a folder of MIDI files, or a JSON file of pieces"
    if not name:
        raise UserError("dataset", "say which music to learn from", what)
    path = Path(name).expanduser()
    if path.is_dir():
        scores = sorted(path.glob("*.json"))
        if scores and not any(path.rglob("*.mid*")):
            return _of_json(scores[0], voices, left_out)
        return _of_midi(path, voices, left_out)
    if path.suffix.lower() == ".json":
        return _of_json(path, voices, left_out)
    if name == CORPUS:
        return _parted(_of_corpus(voices, left_out))
    raise UserError(
        f"dataset={name}",
        "no such music",
        what,
    )


def _of_json(path, voices, left_out):
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        there = {
            part: next((k for k in names if k in plain), None)
            for part, names in SPELLINGS.items()
        }
        known = {part: plain[k] if k else [] for part, k in there.items()}
        read: dict = {part: [] for part in known}
        for part, pieces in known.items():
            for number, piece in enumerate(pieces):
                roll = _as_roll(piece, voices)
                if roll is None:
                    left_out.append(f"{part} {number}: not of {voices} voices")
                else:
                    read[part].append(roll)
    except OSError as error:
        raise UserError(path, f"cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        told = str(error).splitlines()[0]
        raise UserError(path, f"is no JSON of pieces ({told})", exit_code=1) from error
    return read if read["test"] else _parted(read["train"])


def _as_roll(piece, voices):
    """A piece as uint8 (steps, voices), None if it is none; below 0 is silence."""
    steps = np.array(piece, int)
    if steps.ndim != 2 or steps.shape[1] != voices or steps.max() > 127:
        return None
    return np.maximum(steps, 0).astype(np.uint8)


def _of_midi(folder, voices, left_out):
    def read(where):
        found = []
        files = sorted(f for f in where.rglob("*") if f.suffix.lower() in SUFFIXES)
        for file in files:
            try:
                found.append(read_midi(file, voices, TICKS))
            except UnusableMusic as error:
                left_out.append(f"{printable(str(file.relative_to(folder)))}: {error}")
        return found

    there = {
        part: next((folder / k for k in names if (folder / k).is_dir()), None)
        for part, names in SPELLINGS.items()
    }
    if all(there.values()):
        return {part: read(where) for part, where in there.items()}
    pieces = read(folder)
    if not pieces and not left_out:
        raise UserError(folder, "has no MIDI files", "give a folder of .mid files")
    return _parted(pieces)


def _parted(pieces):
    """The pieces, of which some are held out."""
    test = pieces[HELD_OUT - 1 :: HELD_OUT]
    train = [one for i, one in enumerate(pieces) if i % HELD_OUT != HELD_OUT - 1]
    return {"train": train, "test": test}


def _of_corpus(voices, left_out):
    """The chorales of music21, parsed anew each time, which takes half a minute."""
    if not importlib.util.find_spec("music21"):
        raise UserError(
            f"dataset={CORPUS}",
            "are those of the package music21, which is not installed",
            "pip install music21, or give a folder of MIDI files",
        )
    from music21 import corpus  # pyright: ignore[reportMissingImports] an extra

    found = []
    for score in corpus.chorales.Iterator():
        parts = [part.flatten().notes for part in score.parts]
        if len(parts) != voices:
            left_out.append(f"{score.metadata.title}: {len(parts)} voices")
            continue
        length = round(TICKS * float(score.highestTime))
        roll = np.zeros((length, voices), np.uint8)
        for voice, part in enumerate(parts):
            for note in part:
                start = round(TICKS * float(note.offset))
                end = start + max(1, round(TICKS * float(note.quarterLength)))
                roll[start:end, voice] = max(pitch.midi for pitch in note.pitches)
        found.append(roll)
    return found
