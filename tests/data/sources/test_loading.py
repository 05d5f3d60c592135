"""Labels by the names of the classes, and what is held out of a data set."""

import numpy as np
import pytest
from PIL import Image

from kgan.data import load, load_held_out
from kgan.errors import UserError


def put(root, **counts):
    """Pictures of one grey for each class, named "part_class", whose number it is."""
    for name, count in counts.items():
        folder = root.joinpath(*name.split("_"))
        folder.mkdir(parents=True, exist_ok=True)
        grey = 10 * (1 + ["ape", "bee", "cat", "dog"].index(folder.name))
        for number in range(count):
            Image.new("L", (8, 8), grey).save(folder / f"{number}.png")
    return root


def quiet(line):
    """Take a line and drop it."""


def test_labels_are_numbers_of_the_names_that_are_given(tmp_path):
    put(tmp_path, bee=2, cat=1)
    data = load(tmp_path, classes=("cat", "ape", "bee"), log=quiet)
    assert data.classes == ("cat", "ape", "bee")
    assert data["real"][:, 0, 0, 0].tolist() == [20, 20, 30]
    assert data["label"].tolist() == [2, 2, 0]
    assert data["label"].dtype == np.int32


def test_an_unknown_class_is_an_error_that_names_it(tmp_path):
    put(tmp_path, ape=1, bee=1)
    with pytest.raises(
        UserError, match="has the class bee, which the training does not"
    ):
        load(tmp_path, classes=("ape", "cat"), log=quiet)
    # A class that is known and has no image asks for nothing.
    assert load("digits", classes=[*"9876543210"], log=quiet)["label"].max() == 9


@pytest.mark.parametrize("part", ["test", "val"])
def test_what_is_held_out_has_the_shape_levels_and_classes_of_the_training(
    tmp_path, part
):
    put(tmp_path, train_ape=2, train_bee=2, train_cat=2, **{f"{part}_cat": 3})
    Image.new("L", (20, 12), 30).save(tmp_path / part / "cat" / "large.png")
    said = []
    train = load(tmp_path, log=quiet)
    held_out = load_held_out(tmp_path, train, log=said.append)
    assert held_out.spec.shape == train.spec.shape == (8, 8, 1)
    assert held_out["label"].tolist() == [2] * 4
    split = {"test": "test", "val": "validation"}[part]
    line = f"{tmp_path.name}: the split {split} has no image of ape, bee"
    assert said == [line]


def test_a_held_out_class_that_the_training_lacks_is_an_error(tmp_path):
    put(tmp_path, train_ape=2, train_bee=2, test_ape=1, test_dog=1)
    train = load(tmp_path, log=quiet)
    with pytest.raises(UserError, match="has the class dog, .* it knows ape, bee"):
        load_held_out(tmp_path, train, log=quiet)


def test_nothing_else_is_held_out(tmp_path):
    put(tmp_path, ape=2)
    assert load_held_out(tmp_path, load(tmp_path, log=quiet)) is None


def test_test_and_training_are_of_the_same_levels(tmp_path):
    """The brightest scan of the training is white in both, and the test's is clipped."""
    for part, values in (("train", (100, 1100)), ("test", (600, 2000))):
        (tmp_path / part).mkdir()
        for value in values:
            pixels = np.full((8, 8), value, np.uint16)
            Image.fromarray(pixels).save(tmp_path / part / f"{value}.png")
    train = load(tmp_path, log=quiet)
    assert train.levels == {"real": (100.0, 1100.0)}
    test = load_held_out(tmp_path, train, log=quiet)
    assert train["real"][:, 0, 0, 0].tolist() == [0, 255]
    assert test["real"][:, 0, 0, 0].tolist() == [255, 128]


def test_the_classes_in_a_line(tmp_path):
    said = []
    load(put(tmp_path, ape=2, cat=1), log=said.append)
    assert said[-1] == "classes: 0 ape (2), 1 cat (1)"
