"""bin/invert_image: what is written for given pictures, and what is refused."""

import shutil

import numpy as np
import pytest
from PIL import Image

from tests.bin.refusals import assert_one_line


@pytest.fixture
def pictures(pictures):
    """The folder, with more that the run does not make, and a name that is taken."""
    Image.new("RGB", (8, 8)).save(pictures / "colour.png")
    (pictures / "broken.png").write_text("no picture")
    shutil.copy(pictures / "pictures" / "a.png", pictures / "inversion.png")
    return pictures


def test_pictures_of_a_folder(command, run_of, pictures, contents):
    flags = f"--workdir={run_of('infogan')[0]}", "pictures", "--out=out", "--steps=2"
    result = command("invert_image", *flags, cwd=pictures)
    assert result.code == 0, result.err
    first, second, *files = result.out.splitlines()
    assert first.startswith("pictures/a.png: PSNR ") and "category " in first
    assert second.endswith("-> out/b.png")
    assert files == ["out/inversion.png", "out/inversion.npz"]
    with np.load(pictures / "out" / "inversion.npz") as found:
        assert found["z"].shape == (2, 74) and found["continuous_found"].shape == (2, 2)
        assert found["files"].tolist() == ["pictures/a.png", "pictures/b.png"]
    with Image.open(pictures / "out" / "b.png") as picture:
        assert picture.size == (8, 8) and picture.mode == "L"
    before = contents(pictures)
    again = command("invert_image", *flags, cwd=pictures)
    assert_one_line(again, "out/a.png there --overwrite")
    assert contents(pictures) == before


def test_deep_pictures_and_files_left_out_are_told(command, run_of, pictures):
    """The range of the values is found, as the run has learned none."""
    folder = pictures / "scans"
    folder.mkdir()
    deep = np.linspace(0, 3780, 64).reshape(8, 8).astype(np.uint16)
    Image.fromarray(deep).save(folder / "deep.png")
    (folder / "notes.txt").write_text("12 bits")
    flags = f"--workdir={run_of('gan')[0]}", "scans", "--out=out", "--steps=1"
    result = command("invert_image", *flags, cwd=pictures)
    assert result.code == 0, result.err
    assert "left out 1 of 2 files" in result.out and "3780" in result.out
    with Image.open(pictures / "out" / "inversion.png") as sheet:
        assert sheet.getextrema() == (0, 255)  # the scan is not black


def test_an_encoder_is_trained_and_used(command, run_of, pictures, tmp_path_factory):
    workdir = tmp_path_factory.mktemp("own") / "run"
    shutil.copytree(run_of("gan")[0], workdir)
    flags = f"--workdir={workdir}", "large.png", "--fit=stretch", "--updates=2"
    result = command(
        "invert_image", *flags, "--train_encoder", "--steps=2", cwd=pictures
    )
    assert result.code == 0, result.err
    assert result.out.splitlines()[0] == f"{workdir}/encoder"
    assert (workdir / "inverted" / "large.png").exists()


@pytest.mark.parametrize(
    "variant, words, line",
    [
        ("gan", "large.png", "large.png 30x20 grey 8 --fit=crop"),
        ("gan", "colour.png", "colour.png in colour --fit=crop"),
        ("gan", "broken.png --fit=crop", "broken.png"),
        ("gan", "gone.png", "gone.png no such picture"),
        ("gan", "pictures --method=both", "--method=both encoder --train_encoder"),
        ("gan", "pictures --out=file.txt", "--out=file.txt folder"),
        ("gan", "inversion.png", "inversion.png rename"),
        ("gan", "", "which pictures"),
        ("gan", "pictures --updates=9", "--updates=9 no effect --train_encoder"),
        (
            "gan",
            "pictures --train_encoder --restarts=3",
            "--restarts=3 no effect --method=both",
        ),
    ],
)
def test_what_is_refused(command, run_of, pictures, contents, variant, words, line):
    workdir = run_of(variant)[0]
    before = contents(pictures), contents(workdir)
    out = "" if "--out" in words else "--out=out"
    arguments = f"--workdir={workdir} {out} {words}".split()
    assert_one_line(command("invert_image", *arguments, cwd=pictures), line)
    assert (contents(pictures), contents(workdir)) == before
