"""bin/train_gan of a translation, and bin/translate_image of what it leaves."""

import csv
import math

import numpy as np
import pytest
from PIL import Image

TINY = (
    "--variant=pix2pix",
    "--config.epochs=1",
    "--config.width=2",
    "--config.image_size=16",
    "--config.batch_size=200",
)


@pytest.fixture(scope="module")
def run(command, tmp_path_factory):
    """A tiny pix2pix: outlines to digits, 16 pixels wide."""
    workdir = tmp_path_factory.mktemp("translation") / "run"
    result = command(
        "train_gan",
        *TINY,
        f"--workdir={workdir}",
    )
    assert result.code == 0, result.err
    assert "digits-edges: 1,437 pairs, 16x16x1 to 16x16x1, 6 held out" in result.out
    return workdir


def test_leaves_a_whole_run(run):
    with open(run / "history.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {"G/l1", "G/adversarial", "D/adversarial", "D(x)"} < row.keys()
    assert all(math.isfinite(float(value)) for value in row.values())
    with Image.open(run / "samples" / "epoch-00001.png") as grid:
        # Six rows of source, translation and target, each 96 pixels and a gap of 2.
        assert grid.size == (3 * 98 + 2, 6 * 98 + 2)


@pytest.mark.parametrize("variant", ["cyclegan", "discogan", "dualgan"])
def test_plans(command, tmp_path, variant):
    small = ("--config.width=2", "--config.image_size=16", "--config.channels=3")
    workdir = tmp_path / "run"
    result = command(
        *("train_gan", f"--variant={variant}", "--dry_run", f"--workdir={workdir}"),
        *(*small, "--task=complete"),
    )
    assert result.code == 0, result.err
    for words in ("source_channels", "generator_y: ", "discriminator_x: ", "memory"):
        assert words in result.out
    assert not workdir.exists()


def test_pictures_of_every_kind(command, run, tmp_path):
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 256, (20, 33, 4)).astype(np.uint8)
    deep = rng.integers(0, 65536, (16, 16)).astype(np.uint16)
    kinds = {
        "grey": Image.fromarray(colour[..., 0]),
        "rgb": Image.fromarray(colour[..., :3]),
        "rgba": Image.fromarray(colour),
        "deep": Image.fromarray(deep),
        "wide": Image.fromarray(colour[:5, :, 0]),
    }
    (tmp_path / "in").mkdir()
    for name, one in kinds.items():
        one.save(tmp_path / "in" / f"{name}.png")
    (tmp_path / "in" / "text.png").write_text("no picture")
    result = command("translate_image", f"--workdir={run}", "in", "out", cwd=tmp_path)
    assert result.code == 1 and len(result.err.splitlines()) == 1
    assert "text.png: not an image of a known kind; the other 5 are done" in result.err
    for name, one in kinds.items():
        with Image.open(tmp_path / "out" / f"{name}.png") as made:
            assert made.size == one.size, name
            assert made.mode == ("RGBA" if name == "rgba" else "L")
            if name == "rgba":
                np.testing.assert_array_equal(np.asarray(made)[..., 3], colour[..., 3])
    # The exported generator alone gives the same.
    result = command(
        "translate_image",
        f"--saved_model={run / 'generator'}",
        "in/deep.png",
        "deep.png",
        cwd=tmp_path,
    )
    assert result.code == 0, result.err
    both = [
        np.asarray(Image.open(path)).astype(int)
        for path in (tmp_path / "deep.png", tmp_path / "out" / "deep.png")
    ]
    assert np.abs(both[0] - both[1]).max() <= 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        ("translate_image --workdir={run} a.png a.png", "a.png already --overwrite"),
        ("translate_image --workdir={run} a.png", "in.png out.png"),
        ("translate_image --workdir={run} nothing.png b.png", "nothing.png picture"),
        ("translate_image --workdir={run} a.png b.jpg", "b.jpg .png"),
        ("translate_image --workdir={run} --direction=BtoA a.png b.png", "no way back"),
        ("translate_image a.png b.png", "--workdir --saved_model"),
        ("translate_image --saved_model=. a.png b.png", "--saved_model=. SavedModel"),
        ("sample_gan --workdir={run}", "pix2pix bin/translate_image"),
        ("defend --workdir={run}", "pix2pix bin/translate_image"),
        ("evaluate_gan --workdir={run}", "pix2pix bin/translate_image"),
        ("train_gan --variant=gan --task=edges", "--task gan pix2pix"),
        ("train_gan --variant=pix2pix --config.image_size=28", "28 24 32"),
        (
            "train_gan --variant=pix2pix --config.image_size=260",
            "--config.image_size=260 256",
        ),
        ("train_gan --variant=pix2pix --task=colourise", "--task=colourise grey"),
        ("train_gan --variant=pix2pix --evaluate_every=1", "--evaluate_every noise"),
        ("train_gan --variant=cyclegan --source=digits", "--source --target together"),
        ("train_gan --variant=cyclegan --dataset=./empty", "empty trainA --task"),
        ("train_gan --variant=cyclegan --config.pool=3", "pool=3 batch_size=8"),
        ("train_gan --variant=cyclegan --task=paint", "paint edges"),
        ("train_gan --variant=cyclegan --config.network=unte", "unte 'unet'"),
        (
            "train_gan --variant=dualgan --config.clip_weights=0",
            "wasserstein Lipschitz",
        ),
        (
            f"train_gan --workdir={{run}} {' '.join(TINY)} --config.epochs=2",
            "epochs: 1 -> 2",
        ),
    ],
)
def test_wrong_commands(command, run, contents, tmp_path, arguments, words):
    Image.new("L", (16, 16)).save(tmp_path / "a.png")
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path), contents(run)
    name, *rest = arguments.format(run=run).split()
    result = command(name, *rest, cwd=tmp_path)
    assert result.code in (1, 2), result.out
    (line,) = result.err.splitlines()
    assert all(word in line for word in words.split()), line
    assert (contents(tmp_path), contents(run)) == before


def test_changes_pictures_of_one_domain(command, run_of, tmp_path):
    """G of advgan makes an image of an image, and knows no second domain."""
    digit = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    Image.fromarray(digit).save(tmp_path / "in.png")
    workdir = run_of("advgan")[0]
    words = "translate_image", f"--workdir={workdir}", "in.png", "out.png"
    result = command(*words, cwd=tmp_path)
    assert result.code == 0, result.err
    with Image.open(tmp_path / "out.png") as made:
        assert made.size == (8, 8) and (np.asarray(made) != digit).any()
    back = command(*words, "--direction=BtoA", "--overwrite", cwd=tmp_path)
    assert back.code == 2 and "--direction" in back.err
