"""bin/sample_gan: what is asked for is what is drawn, in each form."""

import numpy as np
import pytest
from PIL import Image

from tests.bin.refusals import assert_one_line


@pytest.fixture
def sample(command, run_of, tmp_path):
    """A function that draws into an NPZ and returns its arrays."""

    def draw(variant, *flags):
        path = tmp_path / "samples.npz"
        flags = (f"--workdir={run_of(variant)[0]}", f"--out={path}", *flags)
        result = command("sample_gan", *flags)
        assert result == (0, f"{path}\n", "")
        with np.load(path) as arrays:
            return dict(arrays)

    return draw


def test_label(sample):
    drawn = sample("cgan", "--n=6", "--label=3")
    assert set(drawn) == {"images", "z", "label"}
    assert drawn["images"].shape == (6, 8, 8, 1) and drawn["images"].dtype == np.uint8
    assert drawn["label"].tolist() == [3] * 6


def test_each_option_of_a_control(sample, command, run_of, tmp_path):
    drawn = sample("cgan", "--n=2", "--label=each")
    assert drawn["label"].tolist() == sorted([*range(10)] * 2)
    drawn = sample("infogan", "--n=3", "--category=each", "--continuous=0,1")
    assert drawn["category"].tolist() == sorted([*range(10)] * 3)
    run, sheet = run_of("cgan")[0], tmp_path / "each.png"
    wrong = "--label=each", "--interpolate=3"
    code, _, told = command("sample_gan", f"--workdir={run}", *wrong)
    assert code == 2 and "--label=each: does not go with --interpolate" in told
    command("sample_gan", f"--workdir={run}", "--n=2", "--label=each", f"--out={sheet}")
    with Image.open(sheet) as image:
        assert image.height > image.width, "a row for each class"


def test_code(sample):
    """What is left out is drawn."""
    drawn = sample("infogan", "--n=5", "--category=3")
    z = drawn["z"]
    np.testing.assert_array_equal(z[:, -12:-2], np.eye(10)[[3] * 5])
    assert len(set(z[:, -1])) == 5 and drawn["category"].tolist() == [3] * 5
    z = sample("infogan", "--n=5", "--category=3", "--continuous=0.5,-1")["z"]
    np.testing.assert_array_equal(z[:, -2:], [[0.5, -1.0]] * 5)


def test_help_lists_the_controls_of_the_run(command, run_of):
    for variant, own in ("cgan", "label"), ("infogan", "continuous"), ("gan", None):
        result = command("sample_gan", f"--workdir={run_of(variant)[0]}", "--help")
        shown = result.out + result.err
        assert "--truncation" in shown and (own is None or f"--{own}" in shown)
        assert ("--label" in shown) == (variant == "cgan")


def test_equal_seeds_give_equal_samples(sample):
    first, again, other = (sample("gan", "--n=4", f"--seed={s}") for s in (7, 7, 8))
    np.testing.assert_array_equal(first["images"], again["images"])
    np.testing.assert_array_equal(first["z"], again["z"])
    assert not np.isclose(first["z"], other["z"]).any()


def test_truncation(sample):
    drawn = sample("gan", "--n=4", "--truncation=0.5")
    assert 0.4 < np.abs(drawn["z"]).max() <= 0.5


def test_interpolation_keeps_the_label_of_a_row(sample):
    drawn = sample("cgan", "--n=8", "--interpolate=4")
    rows = drawn["label"].reshape(2, 4)
    assert (rows == rows[:, :1]).all()
    first, *_, last = drawn["z"].reshape(2, 4, -1)[0]
    assert not np.allclose(first, last)


def test_grid(command, run_of, tmp_path):
    """The folder is made; each row of the grid is one way of 4 steps."""
    path = tmp_path / "new" / "grid.png"
    flags = ("--n=8", "--interpolate=4", f"--out={path}")
    result = command("sample_gan", f"--workdir={run_of('gan')[0]}", *flags)
    assert result == (0, f"{path}\n", "")
    with Image.open(path) as picture:
        assert picture.size == (4 * 98 + 2, 2 * 98 + 2)


def test_a_folder_of_numbered_pictures_is_not_taken_for_samples(
    command, run_of, tmp_path, contents
):
    (tmp_path / "boots").mkdir()
    Image.new("L", (64, 64)).save(tmp_path / "boots" / "00000.png")
    before = contents(tmp_path)
    flags = f"--workdir={run_of('gan')[0]}", "--n=2", "--out=boots"
    assert_one_line(command("sample_gan", *flags, cwd=tmp_path), "--out=boots other")
    assert contents(tmp_path) == before


def test_folder_of_pngs_is_replaced_as_a_whole(command, run_of, tmp_path):
    for n in (3, 2):
        flags = (f"--workdir={run_of('gan')[0]}", f"--n={n}", "--out=drawn")
        assert command("sample_gan", *flags, cwd=tmp_path).code == 0
        names = sorted(path.name for path in tmp_path.rglob("*"))
        drawn = [*(f"{i:05d}.png" for i in range(n)), "drawn"]
        assert names == [".kgan-samples", *drawn]
    with Image.open(tmp_path / "drawn" / "00000.png") as picture:
        assert picture.size == (8, 8) and picture.mode == "L"
    (tmp_path / "drawn" / "labels.csv").write_text("of the user")
    assert_one_line(command("sample_gan", *flags, cwd=tmp_path), "--out=drawn other")
    assert (tmp_path / "drawn" / "labels.csv").exists()
