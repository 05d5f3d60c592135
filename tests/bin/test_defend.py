"""bin/defend: what is written for pictures and for test images, and what is refused."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from tests.bin.refusals import assert_one_line

QUICK = "--restarts=1", "--steps=2"


@pytest.fixture(scope="module")
def classifiers(tmp_path_factory):
    """Exported networks: one for digits of 8 pixels, one that knows other classes."""
    folder = tmp_path_factory.mktemp("classifiers")
    for name, classes in (("digits", 10), ("three", 3)):
        layers = [keras.layers.Flatten(), keras.layers.Dense(classes)]
        network = keras.Sequential([keras.Input((8, 8, 1)), *layers])
        network.export(folder / name, verbose=False)
    return folder


def test_pictures_are_purified(command, run_of, pictures, classifiers, contents):
    workdir = run_of("gan")[0]
    flags = f"--workdir={workdir}", f"--classifier={classifiers}/digits", "--out=out"
    result = command("defend", *flags, *QUICK, "pictures", cwd=pictures)
    assert result.code == 0, result.err
    first, second, *files = result.out.splitlines()
    assert first.startswith("pictures/a.png: ") and second.endswith("-> out/b.png")
    assert files == ["out/defence.png", "out/defence.csv"]
    lines = (pictures / "out/defence.csv").read_text().splitlines()
    assert lines[0] == "file,before,after,error" and lines[1].startswith("pictures/a")
    with Image.open(pictures / "out/a.png") as picture:
        assert picture.size == (8, 8) and picture.mode == "L"
    before = contents(pictures)
    again = command("defend", *flags, *QUICK, "pictures", cwd=pictures)
    assert_one_line(again, "out/defence.png there --overwrite")
    assert contents(pictures) == before


def test_test_images_are_attacked(command, run_of, classifiers, tmp_path):
    flags = f"--workdir={run_of('gan')[0]}", f"--out={tmp_path}/out", "--n=20"
    flags += (f"--classifier={classifiers}/digits",)
    result = command("defend", *flags, *QUICK, "--attack=fgsm", cwd=tmp_path)
    assert result.code == 0, result.err
    assert "clean: " in result.out and "attacked, defended: " in result.out
    told = json.loads((tmp_path / "out/defence.json").read_text())
    assert told["attack"] == "fgsm" and told["images"] == 20 and told["epsilon"] == 0.3
    # Of a network by chance, that may know none of 20 images.
    shares = [share for share in told["accuracy"].values() if share is not None]
    assert len(shares) >= 2 and all(0 <= share <= 1 for share in shares)
    with np.load(tmp_path / "out/defence.npz") as held:
        assert held["attacked"].shape == held["images"].shape == (20, 8, 8, 1)
        apart = np.abs(held["attacked"] - held["images"] / 255).max()
        assert apart == pytest.approx(0.3, abs=1e-5)


@pytest.mark.parametrize(
    "words, line",
    [
        ("pictures --attack=pgd", "--attack=pgd labels test images"),
        ("large.png --classifier={c}/digits", "large.png 30x20 8 --fit=crop"),
        ("--classifier={c}/three", "/three 3 classes 10"),
        ("pictures --classifier={c}/three", "/three 3 classes 10"),
        ("pictures --classifier=net.keras", "net.keras Keras SavedModel"),
        ("pictures --classifier=gone", "--classifier=gone no SavedModel"),
        ("pictures --classifier={c}/digits --pixels=1", "--pixels=1 0,255"),
        ("pictures --pixels=0,255", "--pixels=0,255 no effect --classifier"),
        ("pictures --n=5", "--n=5 no effect named"),
        ("--attack=cw --epsilon=0.1", "--epsilon=0.1 no effect --attack=cw"),
        ("--attack=fgsm --norm=l2", "--norm=l2 no effect --attack=fgsm"),
        ("--attack=pgd --norm=l2", "--norm=l2 needs --epsilon distance"),
        ("--attack=pgd --epsilon=4", "--epsilon=4 at most 1"),
        ("--out=large.png", "--out=large.png folder"),
    ],
)
def test_what_is_refused(command, run_of, pictures, classifiers, contents, words, line):
    workdir = run_of("gan")[0]
    before = contents(pictures), contents(workdir)
    out = "" if "--out" in words else "--out=out"
    words = words.format(c=classifiers)
    arguments = f"--workdir={workdir} {out} {words}".split()
    assert_one_line(command("defend", *arguments, cwd=pictures), line)
    assert (contents(pictures), contents(workdir)) == before
