"""Which size images are brought to, and what is said about it."""

import re

import pytest

from kgan.data.decoding.size import Shape
from kgan.errors import UserError
from kgan.networks import sides
from kgan.networks.sides import Sides
from kgan.sizes import Size


def sizes(*pairs):
    return [Size(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("given", "size"),
    [
        (sizes((28, 28)) * 3, "28"),
        (sizes((128, 128)), "128"),
        (sizes((132, 132)), "64"),
        (sizes((30, 30)) * 2, "32"),
        (sizes((28, 28), (32, 32)), "32"),
        (sizes((100, 100)) * 3, "64"),  # halved to 25 only
        (sizes((36, 36)) * 3, "32"),
        (sizes((96, 96)) * 3, "96"),
        (sizes((48, 64)) * 2, "48x64"),
        (sizes((48, 64), (64, 48)), "32"),
        (sizes((128, 96)) * 3, "128x96"),
        (sizes((96, 132)) * 3, "64"),
        (sizes((50, 64)) * 3, "32"),
        (sizes((100, 64), (200, 300), (64, 90)), "64"),
        (sizes((4, 4)), "32"),
    ],
)
def test_the_usual_size_is_that_of_all_or_a_square(given, size):
    assert str(Shape.of(drawable=sides.CONVOLUTIONAL).chosen(given)) == size


@pytest.mark.parametrize(
    ("asked", "poor"), [(100, True), ((96, 100), True), (96, False)]
)
def test_a_size_that_is_drawn_poorly_is_told(asked, poor):
    told, shape = [], Shape.of(asked, drawable=sides.CONVOLUTIONAL)
    shape.announce("pictures", [shape.size], shape.size, told.append)
    line = f"image_size={shape.size}: can be halved only few times"
    assert [one.startswith(line) for one in told] == [True] * poor


def test_the_usual_size_can_be_drawn():
    assert Shape.of(drawable=sides.UNET).chosen(sizes((28, 28)) * 3) == Size(32, 32)
    assert Shape.of(drawable=Sides(96, 512)).chosen(sizes((28, 28))) == Size(96, 96)


@pytest.mark.parametrize("size", [(4, 4), (30, 30), (128, 7), (128, 128)])
def test_without_a_network_every_size_can(size):
    assert Shape.of().chosen(sizes(size)) == Size(*size)


@pytest.mark.parametrize("asked", [(128, 256), "128x256", Size(128, 256)])
def test_the_size_that_is_asked_for(asked):
    assert Shape.of(asked).chosen(sizes((8, 8))) == Size(128, 256)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"size": -8}, "image_size=-8: must be 1 or more, or 0 for the data's own"),
        ({"size": "wide"}, "image_size=wide"),
        ({"size": (8, 0)}, r"image_size=\(8, 0\)"),
        ({"fit": "fill"}, "fit=fill: there are crop, pad, stretch"),
        ({"channels": 2}, "channels=2: 1 is grey"),
        (
            {"size": (30, 64), "drawable": sides.CONVOLUTIONAL},
            "image_size=30x64: .*multiples of 4 from 8 to 256.* 28x64 or 32x64",
        ),
    ],
)
def test_what_no_image_has_is_refused(given, words):
    with pytest.raises(UserError, match=words):
        Shape.of(**given)


WIDE = sizes((128, 256)) * 40


@pytest.mark.parametrize(
    ("given", "asked", "words"),
    [
        (
            WIDE,
            {"drawable": sides.CONVOLUTIONAL},
            "40 of 128x256 cropped to 128x128 (height x width): 50 % of their area is cut",
        ),
        (WIDE, {"size": (128, 256)}, ""),
        (WIDE, {"size": (32, 64)}, ""),
        (
            WIDE,
            {"fit": "pad"},
            "40 of 128x256 padded to 256x256 (height x width): 50 %",
        ),
        (WIDE, {"fit": "stretch"}, "40 of 128x256 stretched to 64x64"),
        (
            sizes((533, 400)) * 3068,
            {"size": 64},
            "3,068 of 533x400 cropped to 400x400 (height x width): 25 % of their area",
        ),
        (  # Nothing is said of three squares; 1 - 64/100 and 1 - 64/80 of the others.
            sizes((64, 100), (64, 100), (80, 64), *[(64, 64)] * 3),
            {},
            "2 of 64x100 cropped to 64x64, 1 of 80x64 cropped to 64x64 (height x width): 31",
        ),
        (sizes(*((64, 65 + n) for n in range(9))), {}, "6 of 6 other sizes (height"),
        (sizes((100, 101)) * 9, {"drawable": sides.CONVOLUTIONAL}, "1 % of their area"),
    ],
)
def test_what_becomes_of_other_shapes_is_said(given, asked, words):
    shape = Shape.of(**asked)
    told = shape.told(given, shape.chosen(given))
    assert words in told and bool(words) == bool(told)


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (WIDE, "; `image_size=64x128` keeps the shape of 40"),
        (
            sizes((128, 96)) * 6 + sizes((96, 128)) * 3,
            "; `image_size=128x96` keeps .* 6",
        ),
        (sizes((533, 400)) * 9, "; `image_size=84x64` keeps the shape of 9"),
        (sizes((100, 101)) * 9, ""),  # so little is lost
        (sizes((128, 96)) * 3 + sizes((96, 128), (70, 140)) * 3, ""),  # by so few
        (sizes((128, 256), (64, 64)) * 2, "; `image_size=64x128` keeps .* 2"),
    ],
)
def test_what_would_keep_more_is_said(given, advice):
    shape = Shape.of(drawable=sides.CONVOLUTIONAL)
    told = shape.told(given, shape.chosen(given))
    assert re.search(advice + "$", told) and bool(advice) == ("`" in told)
    asked = Shape.of(64, drawable=sides.CONVOLUTIONAL)
    assert "`" not in asked.told(given, Size(64, 64))
