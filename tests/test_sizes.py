"""Sizes as users write them."""

import numpy as np
import pytest

from kgan.cli.flags import FieldParser, typed
from kgan.config import Config, Translation
from kgan.errors import UserError
from kgan.fields import options
from kgan.settings import as_plain, from_plain
from kgan.sizes import Size


@pytest.mark.parametrize(
    ("given", "size", "text", "plain"),
    [
        (64, (64, 64), "64", 64),
        ("64", (64, 64), "64", 64),
        ((64, 64), (64, 64), "64", 64),
        ("128x256", (128, 256), "128x256", "128x256"),
        ("128X256", (128, 256), "128x256", "128x256"),
        ([128, 256], (128, 256), "128x256", "128x256"),
        (np.array([8, 9]), (8, 9), "8x9", "8x9"),
        (0, (0, 0), "0", 0),
    ],
)
def test_what_is_a_size(given, size, text, plain):
    found = Size.of(given)
    assert found == size and str(found) == text and found.plain == plain
    assert Size.of(found) == Size.of(found.plain) == Size.of(str(found)) == found


@pytest.mark.parametrize(
    "given", ["", "x", "8x", "8x9x3", "8,9", "wide", True, None, 2.5, (8, 2.5), (0, 8)]
)
def test_what_is_none(given):
    with pytest.raises(ValueError, match="is no side in pixels, or height x width"):
        Size.of(given)
    with pytest.raises(UserError, match="image_size=.*: expected a side in pixels, or"):
        Config(image_size=given)


def test_a_configuration_holds_a_size_however_it_is_given():
    for given in ((128, 256), "128x256", [128, 256]):
        config = Config(image_size=given)
        assert config.image_size == Size(128, 256)
        assert as_plain(config)["image_size"] == "128x256"
        assert from_plain(Config, as_plain(config)) == config
    assert as_plain(Translation())["image_size"] == 32
    assert Config(image_size=(64, 64)) == Config(image_size=64)


@pytest.mark.parametrize("size", [(8, 5000), (-1, 8), 4097])
def test_both_sides_have_the_limits(size):
    with pytest.raises(UserError, match="image_size=.*: must lie between 0 and 4,096"):
        Config(image_size=size)


def test_flags_read_and_write_sizes():
    option = options(Config)["image_size"]
    assert FieldParser(option).parse("128x256") == Size(128, 256)
    assert typed(Size(128, 256)) == "128x256" and typed(option.default) == "0"
    with pytest.raises(
        UserError, match="image_size=12x: expected .* such as 64 or 128x"
    ):
        FieldParser(option).parse("12x")
    assert "128x256" in option.allowed and "between 0 and 4,096" in option.allowed
