"""Music: windows of pieces, their keys, and files that hold it."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from kgan.data import load_rolls
from kgan.data.kinds import Roll
from kgan.data.sources.rolls import TRANSPOSITIONS, transposed, windows
from kgan.errors import UserError
from kgan.metrics import music
from kgan.sounds import RATE, notes, synthesise

PIECE = np.stack([np.arange(60, 80), np.full(20, 50)], 1).astype(np.uint8)


def quiet(_):
    """Take a line and drop it."""


def write(path, **parts):
    path.write_text(json.dumps({k: [p.tolist() for p in v] for k, v in parts.items()}))
    return path


def test_windows_overlap_by_half_and_leave_silence_out():
    found = windows([PIECE, PIECE[:7]], 8)
    assert found.shape == (4, 8, 2) and found[:, 0, 0].tolist() == [60, 64, 68, 72]
    silent = PIECE.copy()
    silent[9, 1] = 0
    assert windows([silent], 8)[:, 0, 0].tolist() == [60, 72]
    assert windows([], 8).shape == (0, 8, 0)


def test_all_keys_in_which_the_voices_can_sing():
    roll = np.array([[[60, 50], [62, 50]]], np.uint8)
    low, high = np.array([58, 50]), np.array([64, 60])
    found = transposed(roll, low, high)
    assert found[:, 0, 0].tolist() == [60, 61, 62], "not below 50, not above 64"
    np.testing.assert_array_equal(np.diff(found, axis=1)[:, 0], 3 * [[2, 0]])
    assert len(TRANSPOSITIONS) == 12


def test_a_file_of_pieces(tmp_path):
    odd = np.zeros((9, 3), int)
    path = write(tmp_path / "x.json", train=[PIECE, odd], test=[PIECE[4:18] + 3])
    said = []
    data = load_rolls(path, steps=8, voices=2, transpose=False, log=said.append)
    assert data["real"].shape == (4, 8, 2) and data.left_out
    assert data.fields["real"].kind == Roll((60, 50), 20)
    assert len(data.held_out) == 0 if data.held_out else True, "53 is too high"
    assert said[0] == "left out 1 pieces: train 1: not of 2 voices"
    assert said[1].startswith("x: 4 rolls of 8 steps, 2 voices")
    every = load_rolls(tmp_path, steps=8, voices=2, log=quiet)
    assert len(every) == len(data) == 4, "a voice that stays at 50 has one key"
    other = load_rolls(path, steps=8, voices=2, split="test", log=quiet)
    assert other["real"].shape[1:] == (8, 2) and other["real"][..., 1].min() == 53


def test_pieces_without_a_part_for_testing(tmp_path):
    path = write(tmp_path / "x.json", train=10 * [PIECE])
    data = load_rolls(path, steps=8, voices=2, log=quiet)
    assert len(data.held_out) == 4 and len(data) == 36


def test_a_folder_of_midi_files(tmp_path):
    pytest.importorskip("mido", reason="an extra")
    kind = Roll((60, 50), 20)
    for number in range(3):
        kind.write(tmp_path / f"{number}.mid", PIECE)
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    kind.write(tmp_path / "solo.mid", PIECE[:, :1])
    # Ticks of a frame of film, which mido reads as a negative number.
    film = bytearray((tmp_path / "0.mid").read_bytes())
    film[12:14] = bytes([0xE7, 40])
    (tmp_path / "smpte.mid").write_bytes(film)
    said = []
    data = load_rolls(tmp_path, steps=8, voices=2, log=said.append)
    assert len(data) == 12 and data.held_out is None
    np.testing.assert_array_equal(data["real"][0], PIECE[:8])
    assert "solo.mid: 1 voices" in said[0] and "broken.mid: damaged" in said[0]
    assert "smpte.mid: damaged: counts in frames of a film" in said[0]


def test_rests_and_held_notes():
    roll = np.array([[60, 0], [60, 50], [0, 50], [62, 50]])
    assert notes(roll) == [(0, 2, 60), (3, 1, 62), (1, 3, 50)]


def test_a_note_sounds_at_its_pitch():
    for pitch, frequency in ((69, 440.0), (57, 220.0)):
        sound = synthesise(np.full((5, 1), pitch), seconds=0.2)
        assert sound.dtype == np.float32 and 0.8 < np.abs(sound).max() <= 0.9001
        strength = np.abs(np.fft.rfft(sound[:RATE]))
        assert np.argmax(strength) == pytest.approx(frequency, abs=2)
    assert not synthesise(np.zeros((3, 2))).any()


def test_wrong_music(tmp_path):
    with pytest.raises(UserError, match="digits: no such music; use chorales"):
        load_rolls("digits", log=quiet)
    with pytest.raises(UserError, match="has no MIDI files; give a folder"):
        load_rolls(tmp_path, log=quiet)
    with pytest.raises(UserError, match="split=all: music has the splits train and"):
        load_rolls(tmp_path, split="all", log=quiet)
    (tmp_path / "x.json").write_text("[1, 2")
    with pytest.raises(UserError, match="x.json: is no JSON of pieces"):
        load_rolls(tmp_path / "x.json", log=quiet)
    with pytest.raises(UserError, match="cannot be read .No such file"):
        load_rolls(tmp_path / "y.json", log=quiet)
    short = write(tmp_path / "short.json", train=[PIECE])
    with pytest.raises(UserError, match="has no 32 steps in which 2 voices sound"):
        load_rolls(short, voices=2, log=quiet)


def test_the_chorales_have_the_known_floors():
    """Of windows of two bars: their number, their chords, and their voice leading."""
    folder = Path(os.environ.get("KGAN_TEST_DATA", "nowhere")) / "chorales"
    if not folder.is_dir():
        pytest.skip("$KGAN_TEST_DATA has no chorales")
    data = load_rolls(folder, transpose=False, log=quiet)
    train, test = data["real"], data.held_out["real"]
    assert train.shape == (3137, 32, 4) and len(test) == 1046
    assert music.known_chords(test, train) == pytest.approx(0.992, abs=1e-3)
    assert music.parallels(test) < 0.4
    assert music.crossings(test) == pytest.approx(0.020, abs=1e-3)
    assert music.long_notes(train, 2) == pytest.approx(0.977, abs=1e-3)
    assert music.tonal_distance(test, 0, 3, 4) == pytest.approx(1.471, abs=1e-3)
    mixed = np.stack([np.roll(test[..., i], 97 * i, axis=0) for i in range(4)], -1)
    assert music.known_chords(mixed, train) < 0.7 and music.parallels(mixed) > 5
    assert music.crossings(mixed) > 0.2 and music.copies(mixed, train) == 0.0
