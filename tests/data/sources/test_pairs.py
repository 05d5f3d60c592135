"""Pairs of images in files, and those that are left out."""

import time

import numpy as np
import pytest
from PIL import Image

from kgan.data.decoding.picture import Header
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources import pairs
from kgan.errors import UserError
from kgan.networks.sides import Sides
from kgan.sizes import Size


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


def test_shards_hold_no_pairs(tmp_path):
    (tmp_path / "shards.json").touch()
    with pytest.raises(UserError, match="holds shards, and no pairs; give a folder"):
        pairs.side_by_side(tmp_path, "train")


def test_the_side_is_one_that_the_network_draws(two):
    """The pictures' own side is 8, which this network does not draw."""
    found = pairs.equal_names(two / "a", two / "b", "train")
    options = {"channels": (1, 1), "storage": Storage(10**6), "log": lambda line: None}
    for drawable, side in ((None, 8), (Sides(16, 64, multiple=16), 32)):
        shape = Shape.of(drawable=drawable)
        first, *_ = pairs.read_pairs(found, shape=shape, **options)
        assert first.shape == (20, side, side, 1)


def gradient(width, height):
    """Every place has its own colour, the same at every size."""
    y, x = np.mgrid[:height, :width]
    place = np.stack([(x + 0.5) / width, (y + 0.5) / height, 0 * x], -1)
    return Image.fromarray((place * 255).astype(np.uint8))


@pytest.mark.parametrize("sizes", [((101, 64), (202, 128)), ((64, 101), (32, 51))])
def test_of_one_shape_and_two_sizes_everything_lies_on_its_counterpart(tmp_path, sizes):
    for folder, size in zip("ab", sizes, strict=True):
        (tmp_path / folder).mkdir()
        gradient(*size).save(tmp_path / folder / "0.png")
    found = pairs.equal_names(tmp_path / "a", tmp_path / "b", "train")
    options = {"channels": (0, 0), "storage": Storage(10**6), "log": lambda line: None}
    first, second, *_ = pairs.read_pairs(found, shape=Shape(Size(16, 16)), **options)
    # Half a pixel of the larger one would be 1 to 4 in colour, at every place.
    away = first.astype(int) - second
    assert np.abs(away.mean((0, 1, 2))).max() < 0.5 and np.abs(away).max() <= 2


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ((96, 64), (96, 64), True),
        ((96, 64), (48, 32), True),
        ((100, 67), (50, 33), True),
        ((100, 67), (50, 34), True),
        ((96, 64), (64, 96), False),
        ((96, 64), (64, 64), False),
        ((100, 67), (50, 36), False),
    ],
)
def test_which_shapes_are_alike(one, other, alike):
    headers = [Header(*size, True) for size in (one, other)]
    for both in (headers, headers[::-1]):
        first, second = pairs._of_like_shape([both[0]], [both[1]])
        assert isinstance(first[0], str) == isinstance(second[0], str) == (not alike)


def test_a_pair_of_unlike_shape_is_left_out_and_named(two):
    Image.new("L", (8, 6)).save(two / "b" / "04.png")
    first, second, left_out, _ = read(pairs.equal_names(two / "a", two / "b", "train"))
    assert len(first) == len(second) == 19 and 4 not in first
    assert left_out == (
        "a/04.png: of unlike shape, 8x8 and 8x6",
        "b/04.png: of unlike shape, 8x8 and 8x6",
    )


@pytest.mark.parametrize("width", [512, 520, 1100])
@pytest.mark.parametrize("side", [16, 32, 64])
def test_nothing_of_one_half_is_in_the_other(tmp_path, width, side):
    """Whatever the decoder of a JPEG leaves out, and wherever its blocks end."""
    whole = Image.new("RGB", (width, width // 2), (255, 0, 0))
    whole.paste((0, 0, 255), (width // 2, 0, width, width // 2))
    whole.save(tmp_path / "0.jpg", quality=95)
    options = {"channels": (3, 3), "storage": Storage(10**6), "log": lambda line: None}
    found = pairs.side_by_side(tmp_path, "train")
    left, right, *_ = pairs.read_pairs(found, shape=Shape(Size(side, side)), **options)
    assert left[..., 2].max() <= 1 and right[..., 0].max() <= 1
