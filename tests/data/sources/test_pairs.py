"""Pairs of images in files, and those that are left out."""

import time

import numpy as np
import pytest
from PIL import Image

from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources import pairs
from kgan.errors import UserError
from kgan.networks.sides import Sides


def fill(folder, values):
    folder.mkdir()
    for number, value in enumerate(values):
        path = folder / f"{number:02d}.png"
        Image.fromarray(np.full((8, 8), value, np.uint8)).save(path)


def read(found):
    options = {"shape": Shape.of(8), "channels": (1, 1), "storage": Storage(10**6)}
    return pairs.read_pairs(found, log=lambda line: None, **options)


@pytest.fixture
def two(tmp_path):
    fill(tmp_path / "a", range(20))
    fill(tmp_path / "b", range(100, 120))
    return tmp_path


def test_a_pair_with_one_bad_half_is_left_out_and_the_others_stay_together(two):
    for name in ("a/00.png", "a/07.png", "b/03.png", "b/19.png"):
        (two / name).write_bytes(b"no picture")
    first, second, left_out, _ = read(pairs.equal_names(two / "a", two / "b", "train"))
    kept = [n for n in range(20) if n not in (0, 3, 7, 19)]
    assert first[:, 0, 0, 0].tolist() == kept
    assert second[:, 0, 0, 0].tolist() == [n + 100 for n in kept]
    names, own = (
        ["00.png", "03.png", "07.png", "19.png"],
        "not an image of a known kind",
    )
    for folder, whose in (("a", (1, 0, 1, 0)), ("b", (0, 1, 0, 1))):
        assert left_out[:4] == tuple(
            f"{folder}/{name}: {own if bad else f'its partner is {own}'}"
            for name, bad in zip(names, whose, strict=True)
        )
        left_out = left_out[4:]
    assert not left_out


def test_many_rows_are_counted_once():
    count = 50_000
    pixels = np.arange(count, dtype=np.uint16).reshape(count, 1, 1, 1)
    whole = [n % 3 != 0 for n in range(count)]
    began = time.monotonic()
    kept = pairs._kept(pixels, [None] * count, whole)
    assert time.monotonic() - began < 2
    assert kept.ravel().tolist() == [n for n in range(count) if n % 3]


def test_too_few_whole_pairs(two):
    for number in range(12):
        (two / "a" / f"{number:02d}.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match="a: 12 of 20 pairs cannot be used, .*mend"):
        read(pairs.equal_names(two / "a", two / "b", "train"))


def test_names_without_a_partner(two):
    (two / "b" / "05.png").unlink()
    with pytest.raises(UserError, match="a: 1 of 20 images have no partner .*b: 05$"):
        pairs.equal_names(two / "a", two / "b", "train")


def test_the_side_is_one_that_the_network_draws(two):
    """The pictures' own side is 8, which this network does not draw."""
    found = pairs.equal_names(two / "a", two / "b", "train")
    options = {"channels": (1, 1), "storage": Storage(10**6), "log": lambda line: None}
    for drawable, side in ((None, 8), (Sides(16, 64, multiple=16), 32)):
        shape = Shape.of(drawable=drawable)
        first, *_ = pairs.read_pairs(found, shape=shape, **options)
        assert first.shape == (20, side, side, 1)
