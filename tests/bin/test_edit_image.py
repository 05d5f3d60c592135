"""bin/find_directions and bin/edit_image: from a run to an edited picture."""

import shutil

import numpy as np
import pytest
from PIL import Image

from tests.bin.refusals import assert_one_line


@pytest.fixture(scope="module")
def run(run_of, tmp_path_factory):
    """A run of its own, which receives directions, and a picture of its size."""
    workdir = tmp_path_factory.mktemp("edits") / "run"
    shutil.copytree(run_of("gan")[0], workdir)
    noise = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    Image.fromarray(noise).save(workdir.parent / "in.png")
    return workdir


@pytest.fixture(scope="module")
def found(command, run):
    """What finding directions printed."""
    flags = f"--workdir={run}", "--method=sefa", "--count=2"
    return command("find_directions", *flags)


def test_directions_and_their_sheet(found, run):
    assert found.code == 0, found.err
    first, second, file, sheet = found.out.splitlines()
    assert first.startswith("sefa-1: ") and second.endswith("% of the variance")
    assert file == f"{run}/directions/sefa.npz"
    with Image.open(run / "directions" / "sefa.png") as picture:
        assert picture.size == (7 * 98 + 2, 2 * 98 + 2)
    assert sheet.startswith(f"{run}/directions/sefa.png: ")


def test_an_edited_picture(command, found, run, contents):
    desk = run.parent
    flags = f"--workdir={run}", "--attribute=sefa-2", "--steps=2", "in.png", "out.png"
    result = command("edit_image", *flags, cwd=desk)
    assert result.code == 0, result.err
    assert result.out.startswith("in.png: its code is found with ")
    with Image.open(desk / "out.png") as edited, Image.open(desk / "in.png") as before:
        assert edited.size == before.size and edited.mode == "L"
    kept = contents(desk)
    again = command("edit_image", *flags, cwd=desk)
    assert_one_line(again, "out.png there already --overwrite")
    assert contents(desk) == kept


@pytest.mark.parametrize(
    "line, words",
    [
        ("edit_image in.png new.png", "--attribute what to change"),
        ("edit_image --attribute=sefa-1 in.png", "what to edit where to"),
        ("edit_image --attribute=sefa-9 in.png new.png", "sefa-9 sefa-1, sefa-2"),
        (
            "edit_image --attribute=sefa-1 --keep=sefa-1 in.png new.png",
            "--keep=sefa-1 nothing",
        ),
        ("edit_image --attribute=sefa-1 in.png new.jpg", "new.jpg PNG"),
        ("find_directions --method=svm", "--attributes say which"),
        ("find_directions --attributes=class", "--attributes=class --method=svm"),
        (
            "find_directions --method=svm --attributes=hair",
            "--attributes=hair no such attribute class",
        ),
    ],
)
def test_what_is_refused(command, found, run, contents, line, words):
    before = contents(run.parent)
    name, *rest = line.split()
    result = command(name, f"--workdir={run}", *rest, cwd=run.parent)
    assert_one_line(result, words)
    assert contents(run.parent) == before


@pytest.fixture(scope="module")
def translator(command, tmp_path_factory):
    """A run that changes attributes, and a picture of its size and mode."""
    desk = tmp_path_factory.mktemp("translator")
    pixels = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), np.uint8)
    (desk / "faces").mkdir()
    rows = ["file,mouth"]
    for number, one in enumerate(pixels):
        Image.fromarray(one).save(desk / "faces" / f"{number}.png")
        rows.append(f"{number}.png,{('smile', 'smirk')[number % 2]}")
    (desk / "faces" / "captions.csv").write_text("\n".join(rows))
    Image.fromarray(pixels[0, :4]).save(desk / "flat.png")
    shutil.copy(desk / "faces" / "0.png", desk / "in.png")
    flags = ("--variant=attgan", "--dataset=faces", "--workdir=run", "--config.width=2")
    more = ("--config.epochs=1", "--steps_per_execution=1")
    result = command("train_gan", *flags, *more, cwd=desk)
    assert result.code == 0, result.err
    return desk


def test_a_run_that_changes_attributes(command, translator):
    words = ("--workdir=run", "--attribute=mouth=smirk", "in.png", "out.png")
    result = command("edit_image", *words, cwd=translator)
    assert result.code == 0, result.err
    assert result.out.startswith("in.png: mouth read as smi")
    assert result.out.endswith(", now smirk -> out.png\n")
    with Image.open(translator / "out.png") as edited:
        assert edited.size == (8, 8) and edited.mode == "RGB"


@pytest.mark.parametrize(
    "line, words",
    [
        ("edit_image --attribute=mouth=smrk in.png n.png", "mouth=smrk 'smirk'"),
        ("edit_image --attribute=moth=smirk in.png n.png", "moth=smirk 'mouth'"),
        ("edit_image --attribute=smirk in.png n.png", "--attribute=smirk mouth=smirk"),
        (
            "edit_image --attribute=mouth=smirk flat.png n.png",
            "flat.png 4x8 makes 8 --fit=crop",
        ),
        (
            "edit_image --attribute=mouth=smirk --strength=2 in.png n.png",
            "--strength=2 has no effect",
        ),
        ("sample_gan", "attgan starts from images bin/edit_image"),
        ("find_directions", "attgan starts from images bin/edit_image"),
        ("translate_image in.png n.png", "does not translate bin/edit_image"),
        ("train_gan --dataset=faces --config.attributes=hair", "hair no such mouth"),
        ("train_gan --dataset=digits", "digits has no attributes"),
    ],
)
def test_what_is_refused_of_attributes(command, translator, contents, line, words):
    before = contents(translator)
    name, *rest = line.split()
    new = name == "train_gan"
    own = ("--variant=attgan", "--workdir=new") if new else ("--workdir=run",)
    result = command(name, *own, *rest, cwd=translator)
    assert_one_line(result, words)
    assert contents(translator) == before


def test_a_run_without_directions(command, run_of, run):
    flags = f"--workdir={run_of('infogan')[0]}", "--attribute=sefa-1"
    result = command("edit_image", *flags, "in.png", "new.png", cwd=run.parent)
    assert_one_line(result, "directions bin/find_directions")
