"""Tinted pictures: what a picture shows is what its attributes say, and what is held out."""

import numpy as np
import pytest

from kgan.data import load, load_held_out
from kgan.data.attributes import combinations
from kgan.data.sources import tinted as source
from kgan.data.sources.tinted import COLOURS, PALETTE
from kgan.errors import UserError


def quiet(_):
    """Take a line and drop it."""


@pytest.mark.parametrize("split", ["train", "test"])
def test_pictures_are_the_grey_ones_in_the_tint_that_they_have(split):
    data, grey = (
        load(one, split=split, log=quiet) for one in ("tinted_digits", "digits")
    )
    tint = data.attributes["tint"].values
    np.testing.assert_array_equal(data["label"], grey["label"])
    np.testing.assert_array_equal(data.attributes["class"].values, grey["label"])
    strength = grey["real"] / np.float32(255)
    np.testing.assert_allclose(
        data["real"], strength * COLOURS[tint, None, None], atol=0.5
    )
    np.testing.assert_array_equal(data.readers["tint"](data["real"]), tint)


def test_a_fifth_of_the_combinations_never_occurs_in_training():
    train, test = (
        load("tinted_digits", split=one, log=quiet) for one in ("train", "test")
    )
    seen, all_of_them = (set(combinations(one.attributes)) for one in (train, test))
    held_out = source.held_out(10)
    assert len(held_out) == 16
    assert {8 * label + tint for label, tint in held_out} == set(range(80)) - seen
    assert len(all_of_them - seen) > 10
    labels, tints = np.array(held_out).T
    # Every class is learnt in six tints or more.
    assert set(np.bincount(labels)) == {1, 2}
    np.testing.assert_array_equal(np.bincount(tints), [2] * 8)


def test_a_tint_is_that_of_most_of_the_light_however_dark():
    dark = np.zeros((8, 6, 6, 3), np.uint8)
    dark[:, 2:5, 2:5] = np.round(COLOURS * 0.2)[:, None, None]
    np.testing.assert_array_equal(source.read_tint(dark), range(8))
    dark[:, 2, 2] = COLOURS[::-1]  # one bright pixel of another tint, against eight
    dark[:, 2:5, 3:5] = COLOURS[:, None, None]
    np.testing.assert_array_equal(source.read_tint(dark), range(8))


def test_example_i_is_always_the_same_and_has_the_size_that_is_asked_for():
    first, again = (load("tinted_digits", image_size=16, log=quiet) for _ in range(2))
    assert first.spec.shape == (16, 16, 3)
    np.testing.assert_array_equal(first["real"], again["real"])


def test_it_says_what_it_holds(capsys):
    load("tinted_digits", condition=("class", "tint"))
    out = capsys.readouterr().out
    assert (
        "tinted_digits: 1,437 images 8x8x3, those of digits in 64 combinations of class "
        "and tint"
    ) in out
    assert "80 combinations of class, tint; 16 without an example: 0/red, 0/blue" in out


def test_held_out_pictures_have_all_combinations_as_classes():
    train = load("tinted_digits", condition=("class", "tint"), log=quiet)
    held_out = load_held_out(
        "tinted_digits", train, condition=("class", "tint"), log=quiet
    )
    assert held_out.classes == train.classes
    assert len(train.classes) == 10 * len(PALETTE)
    assert set(np.unique(held_out["label"])) - set(np.unique(train["label"]))


def test_grey_pictures_and_other_splits_are_refused():
    with pytest.raises(UserError, match="channels=1: tinted_digits is in colour"):
        load("tinted_digits", channels=1, log=quiet)
    with pytest.raises(UserError, match="split=val: tinted_digits has the splits"):
        load("tinted_digits", split="val", log=quiet)


def test_a_picture_in_grey_does_not_tell_its_tint():
    strength = np.arange(256, dtype=np.float32)[:, None] / 255
    ramps = np.round(strength * COLOURS[:, None, None]).astype(np.uint8)
    shown = source.grey(ramps)
    assert shown.shape == (8, 1, 256, 1)
    np.testing.assert_array_equal(shown, np.repeat(shown[:1], 8, 0))
    assert load("tinted_digits", log=quiet).views == {"class": source.grey}
