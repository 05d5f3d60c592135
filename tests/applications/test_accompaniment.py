"""Adding voices to a melody, by a generator that is known."""

import numpy as np
import pytest

from kgan.applications import accompaniment
from kgan.controls import Input
from kgan.data import Field
from kgan.data.decoding.midi import save_midi
from kgan.data.kinds import Frames, Roll
from kgan.errors import UserError

KIND = Roll((60,), 12)


class Thirds:
    """Adds a voice four semitones below; says which windows it saw."""

    def __init__(self, kind=KIND, shape=(8, 1)):
        self.field = Field(shape, "uint8", kind)

    def controls(self):
        return (Input("source", "voices", self.field, endpoint="accompany"),)

    def generate(self, source, seed):
        self.seen = source
        return np.concatenate([source, source - 4 + seed], axis=2)


@pytest.fixture
def melody(tmp_path):
    """A function that writes a melody of so many steps, from a pitch on."""

    def write(steps, first=60):
        pytest.importorskip("mido")
        roll = (first + np.arange(steps) % 12).astype(np.uint8)[:, None]
        save_midi(tmp_path / "melody.mid", roll)
        return tmp_path / "melody.mid", roll

    return write


def test_windows_cover_the_melody_and_the_last_ends_with_it():
    given = (60 + np.arange(20) % 12).astype(np.uint8)[:, None]
    thirds = Thirds()
    made = accompaniment.accompany(thirds.generate, given, 8, seed=1)
    assert made.dtype == np.uint8 and made.shape == (20, 2)
    assert (made[:, 0] == given[:, 0]).all() and (made[:, 1] == given[:, 0] - 3).all()
    starts = [window[0, 0] for window in thirds.seen]
    assert starts == [given[0, 0], given[8, 0], given[12, 0]]
    assert len(accompaniment.accompany(thirds.generate, given[:16], 8)) == 16
    assert len(thirds.seen) == 2


def test_rests_are_kept_and_not_shown_to_a_generator_that_knows_none():
    given = np.uint8([0, 0, 62, 62, 0, 65, 0, 0])[:, None]
    thirds = Thirds()
    made = accompaniment.accompany(thirds.generate, given, 8)
    assert thirds.seen[0, :, 0].tolist() == [62, 62, 62, 62, 62, 65, 65, 65]
    assert (made[:, 0] == given[:, 0]).all()
    assert made[:, 1].tolist() == [58, 58, 58, 58, 58, 61, 61, 61]


def test_a_melody_is_read_and_moved(melody):
    path, roll = melody(10, 55)
    control = accompaniment.control_of(Thirds(), "run")
    found = accompaniment.read(path, control, transpose=5)
    assert found.dtype == np.uint8 and (found == roll + 5).all()
    kind = accompaniment.kind_of(found, 4)
    assert (kind.lowest, kind.pitches) == ((60,), 10)


def test_what_has_no_voices_added(melody, tmp_path):
    with pytest.raises(
        UserError, match=r"run: adds no voices; train one with --variant=music"
    ):
        accompaniment.control_of(Thirds(Frames(), (2, 4, 4, 1)), "run")
    control = accompaniment.control_of(Thirds(), "run")
    path, _ = melody(10, 55)
    with pytest.raises(UserError, match=r"55 to 64.* 60 to 71; say transpose=5"):
        accompaniment.read(path, control)
    with pytest.raises(UserError, match=r"say transpose=5"):
        accompaniment.read(path, control, transpose=2)
    path, _ = melody(7)
    with pytest.raises(UserError, match="has 7 steps of a sixteenth, and the .* 8"):
        accompaniment.read(path, control)
    with pytest.raises(UserError, match="no such file"):
        accompaniment.read(tmp_path / "none.mid", control)
    path.write_bytes(b"no music")
    with pytest.raises(UserError, match="damaged"):
        accompaniment.read(path, control)


def test_no_transposition_may_help(melody):
    path, _ = melody(10, 60)
    narrow = accompaniment.control_of(Thirds(Roll((60,), 3)), "run")
    with pytest.raises(UserError, match="no transposition helps"):
        accompaniment.read(path, narrow)
