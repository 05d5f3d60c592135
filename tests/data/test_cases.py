"""Inputs on which users were let down, and what each of them expects.

They are made by cases/make_inputs.py next to the folder that $KGAN_TEST_DATA names.
"""

import os
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from kgan import evaluation
from kgan.applications.plan import plan
from kgan.controls import Choice
from kgan.data import DomainSource, load, load_domains, load_held_out
from kgan.errors import UserError

MAKER = Path(os.environ.get("KGAN_TEST_DATA", "")).parent / "cases" / "make_inputs.py"
pytestmark = pytest.mark.skipif(
    not os.environ.get("KGAN_TEST_DATA") or not MAKER.exists(),
    reason="there is no cases/make_inputs.py next to the folder $KGAN_TEST_DATA",
)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The folder of all inputs."""
    folder, before = tmp_path_factory.mktemp("cases"), sys.argv
    sys.argv = [str(MAKER), str(folder)]
    try:
        runpy.run_path(str(MAKER))
    finally:
        sys.argv = before
    return folder


def read(folder, **options):
    """(the data, all that is said in one text)."""
    said = []
    data = load(folder, log=said.append, **options)
    return data, "\n".join(said)


def grey(data, name):
    """The grey of the images of a class, which is named as a user names it."""
    label = Choice("label", options=data.classes).parsed(name)
    return np.unique(data["real"][data["label"] == label]).tolist()


def test_numbered_classes(cases):
    data, said = read(cases / "numbered_classes")
    assert data.classes == tuple(map(str, range(12)))
    assert grey(data, "11") == [225] and grey(data, "9") == [185]
    assert "classes: 0 (12), 1 (12), 2 (12), 3 (12)" in said and "11 (12)" in said


def test_a_test_part_that_lacks_a_class(cases):
    train, said = read(cases / "test_lacks_a_class")
    assert "classes: 0 ape (60), 1 bee (60), 2 cat (60)" in said
    heard = []
    held_out = load_held_out(cases / "test_lacks_a_class", train, log=heard.append)
    assert held_out.classes == train.classes == ("ape", "bee", "cat")
    for name, channel in (("ape", 0), ("cat", 2)):
        images = held_out["real"][held_out["label"] == train.classes.index(name)]
        assert len(images) == 20 and images.mean((0, 1, 2)).argmax() == channel
    assert heard == ["test_lacks_a_class: the split test has no image of bee"]


def test_a_judge_is_asked_by_the_names_of_the_training(cases, monkeypatch):
    asked, heard = {}, []

    def fit(pixels, labels, count, **rest):
        asked.update(rest, count=count, labels=labels)

    monkeypatch.setattr("kgan.applications.classifiers.fit_classifier", fit)
    folder = str(cases / "test_lacks_a_class")
    evaluation.reference(folder, log=heard.append)
    assert asked["count"] == 3 and np.bincount(asked["labels"]).tolist() == [60] * 3
    assert np.bincount(asked["test_labels"]).tolist() == [20, 0, 20]
    assert any("no image of bee" in line for line in heard)


@pytest.mark.slow
def test_a_judge_of_a_test_part_that_lacks_a_class(cases):
    assert (
        evaluation.reference(str(cases / "test_lacks_a_class")).classifier.accuracy == 1
    )


@pytest.mark.parametrize(
    ("name", "classes", "each", "words"),
    [
        ("mixed_suffixes", (), 51, "left out 5 of 56 files: 5 .*IMG_0.HEIC"),
        ("lost_class", ("ape", "bee", "cat"), 20, "0 ape .20., 1 bee .20., 2 cat .20."),
        ("deeper_class", ("ape", "bee"), 10, "10 images lie further down .*ape/2019/0"),
        (
            "train_and_val",
            (),
            10,
            "folder train is read; not part of it: val .10 files",
        ),
        ("train_and_val_classes", ("ape", "bee"), 10, "not part of it: val .20 files"),
        ("animations", (), 6, "6 files hold several pictures, .* the first of each"),
    ],
)
def test_nothing_vanishes(cases, name, classes, each, words):
    data, said = read(cases / name)
    assert data.classes == classes
    counts = np.bincount(data["label"]).tolist() if classes else [len(data)]
    assert counts == [each] * len(counts)
    assert re.search(words, said), said


@pytest.mark.parametrize("name", ["train_and_val", "train_and_val_classes"])
def test_a_split_for_validation_is_held_out(cases, name):
    train, _ = read(cases / name)
    held_out = load_held_out(cases / name, train)
    assert len(held_out) == len(train) and held_out.classes == train.classes
    for spelling in ("val", "valid", "validation"):
        assert len(read(cases / name, split=spelling)[0]) == len(train)


def test_twelve_bits(cases):
    data, said = read(cases / "twelve_bits")
    assert data["real"].min() == 0 and data["real"].max() == 255
    assert len(np.unique(data["real"])) > 200
    low, high = data.levels["real"]
    assert (
        low == 0 and 2000 < high < 2100 and f"0 to {high:,g}, become 0 to 255" in said
    )
    data, _ = read(cases / "twelve_bits", levels=(0, 4095))
    assert 120 < data["real"].max() < 130, "half of what twelve bits hold"


@pytest.mark.parametrize("side", [64, 32])
def test_pairs_side_by_side_in_a_large_jpeg(cases, side):
    found = load_domains(
        DomainSource(str(cases / "pairs_of_1100x550")), paired=True, image_size=side
    )
    assert (found["source"][:, :, -1, 2] == 0).all(), "no blue of B in A's last column"
    assert (found["real"][:, :, 0, 0] == 0).all(), "no red of A in B's first column"
    assert found["source"][..., 0].min() > 250 < found["real"][..., 2].min()


def test_pairs_of_unlike_shape(cases):
    two = {"source": "A", "target": "B"}
    two = {k: str(cases / "pairs_of_unlike_shape" / v) for k, v in two.items()}
    with pytest.raises(UserError, match=r"12 of unlike shape, 96x64 and 64x96 \(0.png"):
        load_domains(DomainSource(**two), paired=True, image_size=32)


def test_a_folder_from_a_mac(cases, tmp_path):
    folder = cases / "to_translate_from_a_mac"
    pairs, lines = plan([str(folder)], tmp_path / "out")
    assert pairs == [(folder / "a.png", tmp_path / "out" / "a.png")] and not lines
