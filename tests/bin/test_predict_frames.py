"""bin/train_gan on a folder of films, and bin/predict_frames of what it leaves."""

import numpy as np
import pytest
from PIL import Image

from kgan.pictures import save_animation
from tests.bin.refusals import assert_one_line


@pytest.fixture(scope="module")
def run(command, tmp_path_factory):
    """A folder with films, and the run of one step on them."""
    folder = tmp_path_factory.mktemp("films")
    for number in range(3):
        pixels = np.zeros((9, 16, 16, 1), np.uint8)
        for i in range(9):
            pixels[i, :, i + number] = 255
        save_animation(folder / f"{number}.gif", pixels)
    fields = {"width": 2, "frames": 4, "context": 2, "rollout": 1, "batch_size": 4}
    fields |= {"image_size": 16, "epochs": 1}
    flags = [f"--config.{name}={value}" for name, value in fields.items()]
    workdir = folder / "run"
    variant = ("--variant=next_frame", f"--dataset={folder}", f"--workdir={workdir}")
    result = command("train_gan", *variant, *flags, "--jit=off")
    assert result.code == 0, result.err
    return folder


def test_a_film_goes_on(command, run):
    for way in ("--workdir=run", "--saved_model=run/generator"):
        flags = ("--n=3", "--overwrite", "--nomark")
        result = command("predict_frames", way, "0.gif", "out.gif", *flags, cwd=run)
        assert result.code == 0 and result.out == "out.gif\n", result.err
        with Image.open(run / "out.gif") as film:
            assert film.size == (128, 128) and 9 <= film.n_frames <= 12
    samples = run / "run" / "samples"
    assert {one.suffix for one in samples.glob("epoch-00001.*")} == {".gif", ".png"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("predict_frames 0.gif b.gif", "--workdir --saved_model"),
        ("predict_frames --workdir=run 0.gif", "in.gif out.gif"),
        ("predict_frames --workdir=run 0.gif b.png", "b.png .gif"),
        ("predict_frames --workdir=run 0.gif 1.gif", "1.gif already --overwrite"),
        ("predict_frames --workdir=run none.gif b.gif", "none.gif does not exist"),
        ("predict_frames --saved_model=. 0.gif b.gif", ". not exported"),
        ("sample_gan --workdir=run", "next_frame clips bin/predict_frames"),
    ],
)
def test_wrong_commands(command, run, contents, line, words):
    before = contents(run)
    assert_one_line(command(*line.split(), cwd=run), words)
    assert contents(run) == before
