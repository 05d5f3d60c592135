"""Conditional scores: which classes are drawn, how it is told, and scores by class."""

import dataclasses
import shutil

import keras
import numpy as np
import pytest

from kgan import evaluation
from kgan.data import arrays
from kgan.errors import UserError
from kgan.evaluation import classes
from kgan.evaluation.reference import Reference
from kgan.export.saved_model import export_generator
from kgan.metrics import PixelFeatures, Score
from kgan.models import CGAN
from tests.conformance import games

NAMES = ("dark", "light")


def shades(labels, seed):
    """Images whose class can be told from their brightness."""
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 60, (len(labels), 8, 8, 1))
    return (pixels + 190 * np.reshape(labels, (-1, 1, 1, 1))).astype(np.uint8)


def labelled(counts, seed, names=NAMES):
    labels = np.repeat(np.arange(len(counts)), counts)
    return arrays.images(shades(labels, seed), labels, name="shades", classes=names)


@pytest.fixture
def real():
    """A reference of 108 dark and 12 light images, without a classifier."""
    train = labelled((108, 12), 1)
    return Reference("shades", train, labelled((54, 6), 2), PixelFeatures(), None)


class Shades(evaluation.Source):
    """A source that draws the classes it is asked for perfectly, and evenly if not."""

    takes_labels, shape = True, (8, 8, 1)

    def __init__(self, names=NAMES):
        self.names = names

    def numbers(self, asked):
        if not asked or not set(asked) <= set(self.names):
            return None
        return np.array([self.names.index(name) for name in asked], np.int32)

    def batches(self, n, seed, labels=None):
        generator = np.random.default_rng(seed)
        if labels is None:
            labels = generator.integers(0, len(self.names), n)
        for start in range(0, n, 50):
            part = labels[start : start + 50]
            yield shades(part, seed + start), {}


def by_name(found):
    return {score.name: score for score in found[0]}


@pytest.mark.parametrize("n", [40, 120, 500])
def test_labels_are_drawn_as_often_as_the_data_have_them(real, n):
    labels = classes.drawn_labels(Shades(), real.train, n, 0)
    assert labels.shape == (n,) and (np.diff(labels) >= 0).all()
    assert labels.mean() == pytest.approx(0.1, abs=0.06 if n < 120 else 0.01)
    other = classes.drawn_labels(Shades(("light", "grey")), real.train, n, 0)
    assert other is None


def test_a_perfect_generator_is_as_good_as_real_images(real):
    """Labels that are drawn evenly make it look bad: what evaluations did once."""
    drawn = evaluation.measure(Shades(), real, n=120)
    fid = by_name(drawn)["FID-pixels"]
    assert fid.value == pytest.approx(fid.floor, rel=0.5)
    even = evaluation.measure(Shades((*NAMES, "none")), others(real), n=120)
    assert by_name(even)["FID-pixels"].value > 5 * fid.value
    name, value = evaluation.distance(Shades(), real, n=120)
    assert (name, value) == (fid.name, pytest.approx(fid.value))


def others(real):
    """The same images under names that the source does not know."""
    train = dataclasses.replace(real.train, classes=("black", "white"))
    return dataclasses.replace(real, train=train)


def test_the_stamp_says_which_labels_were_drawn(real, tmp_path):
    drawn, details, _ = evaluation.measure(Shades(), real, n=60)
    even, told, _ = evaluation.measure(Shades(), others(real), n=60)
    assert drawn[0].stamp["labels"].startswith("in the data's frequencies")
    assert details["labels"] == drawn[0].stamp["labels"]
    assert told["labels"] == even[0].stamp["labels"] != details["labels"]
    evaluation.write(tmp_path / "even.json", even, told)
    with pytest.raises(UserError, match="labels: as the generator draws them"):
        evaluation.compared(drawn, evaluation.read(tmp_path / "even.json"))
    # Scores of the time before the stamp said it, which drew labels evenly.
    old = [
        Score(one.name, one.value, one.interval, one.floor, without(one.stamp))
        for one in drawn
    ]
    evaluation.write(tmp_path / "old.json", old, {})
    with pytest.raises(UserError, match="labels: absent -> in the data's frequencies"):
        evaluation.compared(drawn, evaluation.read(tmp_path / "old.json"))


def without(stamp):
    return {key: value for key, value in stamp.items() if key != "labels"}


def test_a_generator_without_labels_is_compared_with_a_conditional_one(real):
    class Unasked(Shades):
        takes_labels = False

        def numbers(self, asked):
            return None

    free, conditional = (
        by_name(evaluation.measure(s, real, n=60)) for s in (Unasked(), Shades())
    )
    assert free["FID-pixels"].stamp == conditional["FID-pixels"].stamp


def test_scores_by_class(real):
    class Wrong(Shades):
        """Draws dark images whatever it is asked for."""

        def batches(self, n, seed, labels=None):
            yield from super().batches(n, seed, np.zeros_like(labels))

    dark, light = evaluation.measure(Wrong(), real, n=120)[1]["classes"]
    assert (dark["class"], dark["real"], dark["generated"]) == ("dark", 108, 108)
    assert (light["class"], light["real"], light["generated"]) == ("light", 12, 12)
    assert light["FID-pixels"] > 20 * light["FID-pixels of real images"]
    assert dark["FID-pixels"] < 2 * dark["FID-pixels of real images"]
    lines = evaluation.detail_lines({"seed": 0, "classes": [dark, light]})
    assert lines[0] == "seed: 0" and lines[1].split()[:3] == [
        "class",
        "real",
        "generated",
    ]
    assert lines[2].split()[:3] == ["dark", "108", "108"]


def test_a_class_without_samples_or_with_a_single_image_has_no_distance():
    train = labelled((100, 1), 1)
    real = Reference("shades", train, None, PixelFeatures(), None)
    dark, light = evaluation.measure(Shades(), real, n=50)[1]["classes"]
    assert dark["FID-pixels"] >= 0 and light["FID-pixels"] is None
    lines = evaluation.detail_lines({"classes": [dark, light]})
    assert lines[-1].split() == ["light", "1", str(light["generated"]), "-", "-"]


def test_a_table_of_very_many_classes_is_cut():
    many = [{"class": f"c{i}", "real": 1} for i in range(100)]
    lines = evaluation.detail_lines({"classes": many})
    assert len(lines) == 42 and lines[-1] == "and 60 classes more"


def test_a_game_is_asked_by_the_names_of_the_classes():
    game = games.build("cgan-mlp")
    source = evaluation.GameSource(game)
    assert source.takes_labels and source.numbers(()) is None
    turned = game.classes[::-1]
    numbers = source.numbers(turned)
    np.testing.assert_array_equal(numbers, np.arange(len(turned))[::-1])
    assert source.numbers(("unknown", *turned)) is None
    labels = np.zeros(7, np.int32)
    (_, latent), *_ = source.batches(7, 0, labels)
    np.testing.assert_array_equal(latent["label"], labels)


def test_a_code_that_the_game_reads_back_is_no_label():
    source = evaluation.GameSource(games.build("infogan"))
    assert not source.takes_labels
    assert source.numbers(("0", "1", "2")) is None


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An export with two labels, the first of which is drawn dark."""
    z, label = keras.Input((3,), name="z"), keras.Input((), name="label", dtype="int32")
    x = keras.layers.Embedding(2, 64, embeddings_initializer=bright)(label)
    x = keras.layers.Add()([x, keras.layers.Dense(64)(z) * 0.01])
    generator = keras.Model(
        {"z": z, "label": label}, keras.layers.Reshape((8, 8, 1))(x), name="g"
    )
    game = CGAN(generator, keras.Sequential([keras.Input((8, 8, 1))]), classes=NAMES)
    path = tmp_path_factory.mktemp("exported") / "export"
    export_generator(game, path)
    return path


def test_an_export_is_asked_for_the_data_s_classes_by_their_names(export):
    source = evaluation.SavedModelSource(export)
    assert source.takes_labels and source.classes == NAMES
    np.testing.assert_array_equal(source.numbers(NAMES), [0, 1])
    np.testing.assert_array_equal(source.numbers(NAMES[::-1]), [1, 0])
    np.testing.assert_array_equal(source.numbers(NAMES[1:]), [1])
    assert source.numbers(("other", "names")) is None, "as many, but others"
    assert source.numbers(()) is None
    labels = np.repeat(np.array([0, 1], np.int32), (13, 4))
    images = np.concatenate([part for part, _ in source.batches(17, 0, labels)])
    np.testing.assert_array_equal(images.mean((1, 2, 3)) > 128, labels == 1)


def test_an_export_that_does_not_tell_its_classes_is_tried(export, tmp_path):
    """It refuses a label that it does not know."""
    shutil.copytree(export, tmp_path / "old")
    (tmp_path / "old" / "assets.extra" / "kgan.json").unlink()
    source = evaluation.SavedModelSource(tmp_path / "old")
    assert source.takes_labels and source.classes == ()
    np.testing.assert_array_equal(source.numbers(("a", "b")), [0, 1])
    assert source.numbers(("a",)) is None and source.numbers(("a", "b", "c")) is None


def test_an_export_whose_words_are_damaged(export, tmp_path):
    shutil.copytree(export, tmp_path / "hurt")
    (tmp_path / "hurt" / "assets.extra" / "kgan.json").write_text("{}")
    with pytest.raises(UserError, match="hurt: damaged"):
        evaluation.SavedModelSource(tmp_path / "hurt")


def bright(shape, dtype=None):
    """Label 0 is drawn dark, label 1 light."""
    return keras.ops.repeat(keras.ops.array([[-0.8], [0.8]], dtype), shape[1], 1)
