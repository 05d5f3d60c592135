"""Scores of few images, of large ones, and of sets whose classes are uneven."""

import dataclasses
import threading

import numpy as np
import pytest
import tensorflow as tf

from kgan import evaluation
from kgan.applications.classifiers import parts, tenth
from kgan.data import arrays, load
from kgan.errors import UserError
from kgan.evaluation import progress
from kgan.evaluation.reference import Reference
from kgan.metrics import PixelFeatures, network
from tests.evaluation.test_evaluation import Drawn, by_name, noise


@pytest.fixture
def instant_training(monkeypatch):
    """Leaves a classifier as it starts, where the test is not about learning."""
    monkeypatch.setattr(network, "train_network", lambda *args, **options: None)


def plain(train, held_out=0):
    """A reference of noise, seen as pixels."""
    parts = [arrays.images(noise(n, n), name="noise") for n in (train, held_out) if n]
    return Reference(
        "noise", parts[0], parts[1] if held_out else None, PixelFeatures(), None
    )


@pytest.mark.parametrize(
    ("train", "held_out", "n", "counts"),
    [
        (100, 60, 40, [40, 100]),  # the score's own: 40 generated, 100 real
        (100, 60, 60, [60, 100]),
        (100, 60, 90, [60, 100]),
        (100, 0, 30, [30, 70]),
        (100, 0, 90, [50, 50]),
        (15, 0, 90, [7, 8]),
    ],
)
def test_the_floor_has_the_counts_of_the_score(train, held_out, n, counts):
    reference = plain(train, held_out)
    floor = reference.floor(n)
    assert [one.count for one in floor] == counts
    told = reference.floor_told(floor, n)
    assert ("fewer images" in told) == (counts != [n, train])
    assert f"{counts[0]:,} " in told and f"{counts[1]:,} " in told
    if not held_out:  # no image is compared with itself
        rows = {image.tobytes() for image in floor[0].images}
        assert not rows & {image.tobytes() for image in floor[1].images}


def test_as_few_samples_as_the_floor_has_are_measured_as_well():
    """Of more samples a score may lie below its floor."""
    reference = plain(100)
    source = Drawn(noise(400, 3))
    scores, details, _ = evaluation.measure(source, reference, n=400)
    fid = by_name(scores)["FID-pixels"]
    assert fid.value < 0.9 * fid.floor
    assert details["FID-pixels of 50 samples"] == pytest.approx(fid.floor, rel=0.1)
    few = evaluation.measure(source, plain(100, 60), n=50)[1]
    assert not [name for name in few if name.startswith("FID")]


def test_the_floor_of_few_samples_is_that_of_few():
    reference = plain(100, 60)
    few, many = (
        by_name(evaluation.measure(Drawn(noise(60, 3)), reference, n=n)[0])[
            "FID-pixels"
        ]
        for n in (20, 60)
    )
    assert few.floor > 1.5 * many.floor, "few images are farther apart"
    assert few.value == pytest.approx(few.floor, rel=0.2)


@pytest.mark.parametrize("case", ["only_3", "only_7"])
def test_too_few_images_are_refused_in_one_line(cases, case):
    reference = evaluation.reference(str(cases / case), (32, 32, 3), log=pytest.fail)
    count = case.removeprefix("only_")
    with pytest.raises(
        UserError, match=f"{case}: holds {count} images; .* 14 "
    ) as error:
        evaluation.measure(Drawn(noise(20)), reference, n=20, log=pytest.fail)
    assert "\n" not in str(error.value)
    # A run that is scored every few epochs needs a distance alone.
    images = reference.train["real"]
    assert (
        evaluation.distance(Drawn(images), reference, n=2, log=lambda line: None)[1] > 0
    )


def test_a_single_image_has_no_distance():
    with pytest.raises(UserError, match="noise: holds a single image"):
        evaluation.distance(Drawn(noise(20)), plain(1), n=20)


def test_few_samples_are_warned_about(cases):
    said = []
    reference = evaluation.reference(
        str(cases / "only_70"), (32, 32, 3), log=said.append
    )
    source = Drawn(reference.train["real"])
    _, details, _ = evaluation.measure(source, reference, n=50, log=said.append)
    words = "fewer samples than dimensions: 50 generated and 70 real images in 3,072"
    assert details["warning"].startswith(words)
    assert reference.warn(50, said.append) == details["warning"]
    assert said.count(f"warning: {details['warning']}") == 1
    assert plain(100).warn(80, pytest.fail) == ""


@pytest.mark.parametrize("side", [64, 128])
def test_few_large_images_are_compared_as_they_are(cases, side):
    """The value of the whole pixels, with no matrix of d x d."""
    case = str(cases / f"unlabelled_{side}")
    reference = evaluation.reference(case, (side, side, 3), n=20, log=pytest.fail)
    assert reference.extractor.resizing == "none"
    images = np.random.default_rng(0).integers(0, 256, (20, side, side, 3), np.uint8)
    source, silent = Drawn(images), lambda line: None
    name, value = evaluation.distance(source, reference, n=20, log=silent)
    expected = in_their_span(images, reference.train["real"])
    assert name == "FID-pixels" and value == pytest.approx(expected, rel=1e-6)


def in_their_span(*sets):
    """The distance by its formula, of coordinates in the space that all images span."""
    flat = [one.reshape(len(one), -1) / 255.0 for one in sets]
    axes = np.linalg.qr(np.concatenate(flat).T)[0]
    points = [one @ axes for one in flat]
    means = [one.mean(0) for one in points]
    first, second = (np.cov(one, rowvar=False) for one in points)
    values = np.linalg.eigvals(first @ second)
    overlap = np.sqrt(np.maximum(values.real, 0)).sum()
    return np.sum((means[0] - means[1]) ** 2) + np.trace(first + second) - 2 * overlap


def test_many_large_images_are_averaged_and_it_is_said(cases):
    said, case = [], str(cases / "unlabelled_64")
    reference = evaluation.reference(case, (64, 64, 3), n=10_000, log=said.append)
    assert said == ["pixels: averaged to 32x32, those of 10,000 images are too many"]
    assert reference.extractor(reference.train["real"][:2]).shape == (2, 3072)


def test_averaged_and_whole_pixels_are_not_compared():
    whole, scores = plain(30), []
    averaged = dataclasses.replace(whole, extractor=PixelFeatures((4, 4)))
    for reference in (whole, averaged):
        found = evaluation.measure(Drawn(noise(30, 5)), reference, n=30)[0]
        scores.append(by_name(found))
    with pytest.raises(UserError, match="extractor.resizing: none -> averaged to 4x4"):
        evaluation.compared(scores[1].values(), scores[0])


def test_what_takes_long_is_announced(monkeypatch):
    said = []
    with progress.announced("nothing", said.append):
        pass
    assert said == []
    with progress.announced("a long one", said.append, 0):
        assert said == ["computing a long one ..."]
    assert progress.patience(2048) == 0 < progress.patience(64)
    monkeypatch.setattr(progress, "LONG", 10)
    evaluation.measure(Drawn(noise(30)), plain(60), n=30, log=said.append)
    assert "computing a Frechet distance of 64 dimensions ..." in said


def test_a_slow_part_is_announced_while_it_runs():
    told = threading.Event()
    with progress.announced("a slow one", lambda line: told.set(), after=0.01):
        assert told.wait(20)


def test_a_tenth_of_each_class_tests_the_classifier():
    labels = np.repeat([0, 1, 2, 3], [100, 19, 2, 1])
    held = tenth(labels)
    assert [int(held[labels == k].sum()) for k in range(4)] == [10, 1, 1, 0]
    shuffled = np.random.default_rng(0).permutation(labels)
    held = tenth(shuffled)
    assert [int(held[shuffled == k].sum()) for k in range(4)] == [10, 1, 1, 0]


def test_a_class_that_was_not_tested_is_named(cases, instant_training):
    said = []
    reference = evaluation.reference(
        str(cases / "class_of_one"), (16, 16, 1), n=50, log=said.append
    )
    assert reference.untested == ("one",)
    assert "classifier: not tested on one, of which no image is left" in said
    assert any("on 20 test images" in line for line in said)
    source = Drawn(reference.train["real"])
    details = evaluation.measure(source, reference, n=50, log=lambda line: None)[1]
    assert details["untested_classes"] == ["one"]


def test_a_class_that_the_test_part_lacks_is_named(cases, instant_training):
    """The others keep their numbers."""
    said = []
    case = str(cases / "test_lacks_a_class")
    reference = evaluation.reference(case, (16, 16, 3), log=said.append)
    assert reference.untested == ("bee",)
    assert any("bee" in line and "no image" in line for line in said)
    for part in (reference.train, reference.held_out):
        brightest = part["real"].mean(axis=(1, 2)).argmax(axis=-1)
        np.testing.assert_array_equal(brightest, part["label"])
    assert set(reference.held_out["label"]) == {0, 2}


def test_unbalanced_classes_are_all_tested(cases, instant_training):
    reference = evaluation.reference(
        str(cases / "unbalanced_classes"), (16, 16, 1), log=lambda line: None
    )
    held = tenth(reference.train["label"])
    assert np.bincount(reference.train["label"][held]).tolist() == [27, 3]
    assert reference.untested == ()


def test_no_classifier_where_every_class_has_one_image(tmp_path):
    for number, image in enumerate(noise(16)):
        (tmp_path / f"class{number}").mkdir()
        png = tf.io.encode_png(image)
        tf.io.write_file(str(tmp_path / f"class{number}" / "a.png"), png)
    said = []
    reference = evaluation.reference(str(tmp_path), (8, 8, 1), log=said.append)
    assert reference.classifier is None and reference.extractor.name == "pixels"
    assert said == ["classifier: none, for no class has a second image to test it with"]


def test_a_class_that_training_lacks_tests_no_classifier():
    wanted = {"condition": ("class", "tint"), "log": lambda line: None}
    train, held_out = (
        load("tinted_digits", split=s, **wanted) for s in ("train", "test")
    )
    fit, test = parts(train, held_out)
    assert fit is train and 0 < len(test) < len(held_out)
    assert set(test["label"]) == set(held_out["label"]) & set(train["label"])
