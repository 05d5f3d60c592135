"""The digits of scikit-learn, from the package to pixels."""

import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kgan.data import digits_home, load
from kgan.errors import UserError


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """A folder with the prepared digits."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:  # not from the user's cache
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        digits_home.prepared_digits(folder)
    return folder


def quiet(_):
    """Take a line and drop it."""


def test_digits_are_those_of_the_source(data_dir):
    train = load("digits", data_dir=data_dir, log=quiet)
    test = load("digits", split="test", data_dir=data_dir, log=quiet)
    assert (len(train), len(test)) == (1437, 360)
    assert train.name == "digits" and train.classes == tuple("0123456789")
    source = load_digits()
    pixels = np.concatenate([train.pixels, test.pixels])
    assert pixels.dtype == np.uint8 and pixels.shape == (1797, 8, 8, 1)
    # 16 steps of ink, 255 / 16 apart: what is rounded is at most a half.
    assert np.abs(pixels[..., 0] - source.images * 255 / 16).max() <= 0.5
    labels = np.concatenate([train.labels, test.labels])
    np.testing.assert_array_equal(labels, source.target)
    assert labels.dtype == np.int32


def test_line_about_the_digits(data_dir, capsys):
    load("digits", data_dir=data_dir)
    line = "digits: 1,437 images 8x8x1, 10 classes, 92 kB in memory\n"
    assert capsys.readouterr().out == line


def test_scaled_and_coloured(data_dir):
    images = load("digits", image_size=16, channels=3, data_dir=data_dir, log=quiet)
    assert images.image_shape == (16, 16, 3) and len(images.labels) == 1437
    assert (images.pixels[..., 0] == images.pixels[..., 2]).all()
    own = load("digits", data_dir=data_dir, log=quiet)
    means = images.pixels.mean(axis=(1, 2, 3)), own.pixels.mean(axis=(1, 2, 3))
    assert np.abs(means[0] - means[1]).max() < 8


def test_missing_split_names_those_there_are(data_dir):
    with pytest.raises(UserError, match="no split 'val', only train, test"):
        load("digits", split="val", data_dir=data_dir, log=quiet)


def test_prepared_once(data_dir, monkeypatch):
    monkeypatch.setattr(digits_home, "_prepare", lambda *_: pytest.fail("again"))
    assert len(load("digits", data_dir=data_dir, log=quiet)) == 1437
    assert [entry.name for entry in data_dir.iterdir()] == ["digits"]


def test_read_only_folder_leads_to_the_cache(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir(mode=0o555)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    builder = digits_home.prepared_digits()
    home = tmp_path / "cache" / "kgan" / "tensorflow_datasets"
    assert str(builder.data_dir).startswith(str(home))
    assert not list((tmp_path / "data").iterdir())


def test_nowhere_to_write_is_an_error(tmp_path, monkeypatch):
    def refuse(home, _):
        raise PermissionError(home)

    monkeypatch.setattr(digits_home, "_prepare", refuse)
    homes = tmp_path / "one", tmp_path / "two"
    monkeypatch.setattr(digits_home, "_homes", lambda _: homes)
    with pytest.raises(UserError, match="one.*two can be written to") as caught:
        digits_home.prepared_digits()
    assert caught.value.exit_code == 1


# Each process waits inside of the preparation until the other is there as well.
TOGETHER = """
import pathlib, sys, time
from kgan.data import digits_home, load

folder, mine, other = map(pathlib.Path, sys.argv[1:])
prepare = digits_home._prepare

def prepare_together(*arguments):
    mine.touch()
    deadline = time.monotonic() + 60
    while not other.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    prepare(*arguments)
    print("prepared")

digits_home._prepare = prepare_together
load("digits", data_dir=folder)
"""


def test_two_processes_prepare_at_the_same_time(tmp_path):
    marks = [str(tmp_path / "a"), str(tmp_path / "b")]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(tmp_path / "data"), *pair],
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for pair in (marks, marks[::-1])
    ]
    for process in processes:
        out, err = process.communicate(timeout=90)
        assert process.returncode == 0, err
        assert out.startswith("prepared\ndigits: 1,437 images")
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["digits"]
    # Nor did the slower one flee to the next folder.
    assert not list((tmp_path / "cache").rglob("digits"))
