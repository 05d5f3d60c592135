"""bin/train_gan on music with a given voice, and bin/accompany of what it leaves."""

import json

import numpy as np
import pytest

from kgan.data.decoding.midi import read_midi, save_midi
from tests.bin.refusals import assert_one_line

pytest.importorskip("mido")


@pytest.fixture(scope="module")
def run(command, tmp_path_factory):
    """A folder with a melody, and the run of one step on two voices."""
    folder = tmp_path_factory.mktemp("music")
    steps = np.arange(16)
    piece = np.stack([60 + steps % 12, 48 + steps % 12], 1)
    parts = {"train": [piece.tolist()] * 4, "test": [piece.tolist()]}
    (folder / "pieces.json").write_text(json.dumps(parts))
    save_midi(folder / "melody.mid", piece[:, :1].astype(np.uint8))
    save_midi(folder / "high.mid", piece[:, :1].astype(np.uint8) + 12)
    fields = {"width": 2, "steps": 8, "voices": 2, "given": 1, "batch_size": 4}
    fields["network"] = "convolutional"  # whose graph is made sooner
    flags = [f"--config.{name}={value}" for name, value in fields.items()]
    flags += ["--config.epochs=1", "--variant=music", "--jit=off"]
    data = f"--dataset={folder / 'pieces.json'}"
    result = command("train_gan", data, *flags, f"--workdir={folder / 'run'}")
    assert result.code == 0, result.err
    return folder


def test_a_melody_gets_voices(command, run):
    for way in ("--workdir=run", "--saved_model=run/generator"):
        words = ("melody.mid", "out.mid", "--overwrite")
        result = command("accompany", way, *words, cwd=run)
        assert result.code == 0, result.err
        assert result.out.split() == ["out.mid", "out.wav", "out.png"]
        assert all((run / one).stat().st_size for one in result.out.split())
        found = read_midi(run / "out.mid", 2)
        assert (found[:, 0] == read_midi(run / "melody.mid", 1)[:, 0]).all()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("accompany melody.mid b.mid", "--workdir --saved_model"),
        ("accompany --workdir=run melody.mid", "melody.mid out.mid"),
        ("accompany --workdir=run melody.mid b.wav", "b.wav .mid"),
        ("accompany --workdir=run high.mid melody.mid", "melody.mid already --overwr"),
        ("accompany --workdir=run none.mid b.mid", "none.mid no such file"),
        ("accompany --workdir=run high.mid b.mid", "72 to 83 --transpose=-12"),
        ("sample_gan --workdir=run", "music rolls bin/accompany"),
    ],
)
def test_wrong_commands(command, run, contents, line, words):
    before = contents(run)
    assert_one_line(command(*line.split(), cwd=run), words)
    assert contents(run) == before
