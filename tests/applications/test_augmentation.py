"""Labelled folders of generated images: what is kept, and what is refused."""

import dataclasses
import json

import keras
import numpy as np
import pytest
from PIL import Image

from kgan.applications import augmentation
from kgan.applications.augmentation import augment_dataset, draw_class
from kgan.applications.sieve import Sieve
from kgan.configs import cgan, gan
from kgan.data import arrays, load
from kgan.errors import UserError
from kgan.metrics import Classifier
from tests import specs

SHAPE = (8, 8, 1)


def quiet(line):
    pass


@pytest.fixture(scope="module")
def game():
    """An untrained game of three classes, whose names are odd."""
    config = cgan.Config(network="mlp", width=1)
    return cgan.build(config, specs.images(SHAPE, ("cat", "t-shirt/blue", "..")))


class Certain(Classifier):
    """A classifier that is sure of bright images alone."""

    def __init__(self):
        super().__init__(keras.Model(), 0.5, "")

    def probabilities(self, images, batch_size=500):
        sure = images.mean(axis=(1, 2, 3)) / 255
        return np.stack([sure] * 3, 1)


def noise(n, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (n, *SHAPE), np.uint8)
    return arrays.images(pixels, name="noise")


def test_a_folder_is_data_that_say_they_are_generated(game, tmp_path):
    out = tmp_path / "new" / "more"
    found = augment_dataset(
        game, out, 3, Sieve(), counts={"cat": 5}, about={"variant": "cgan"}, log=quiet
    )
    assert json.loads((out / augmentation.MANIFEST).read_text()) == found
    assert found["generated"] is True and found["variant"] == "cgan"
    told = {name: one["images"] for name, one in found["classes"].items()}
    assert told == {"cat": 5, "t-shirt/blue": 3, "..": 3}
    files = {str(path.relative_to(out)) for path in out.rglob("*.png")}
    assert files == {one["file"] for one in found["images"]} and len(files) == 11
    data = load(out, log=quiet)
    assert data.classes == ("cat", "class-2", "t-shirt-blue")
    assert np.bincount(data["label"]).tolist() == [5, 3, 3]


def test_the_images_are_those_of_the_class(game, tmp_path):
    """Equal seeds give equal images, and more of them when more are asked for."""
    few, more = (draw_class(game, 1, n, Sieve(), seed=7) for n in (3, 4))
    np.testing.assert_array_equal(few.images, more.images[:3])
    assert (few.images != draw_class(game, 1, 3, Sieve(), seed=8).images).any()
    augment_dataset(game, tmp_path / "x", 3, Sieve(), seed=7, log=quiet)
    with Image.open(tmp_path / "x" / "t-shirt-blue" / "generated-00002.png") as file:
        np.testing.assert_array_equal(np.asarray(file), few.images[2, ..., 0])
    latent = game.latents(augmentation.BATCH, (7, 2**16), label=1)
    np.testing.assert_array_equal(game.samples(latent)[:3], few.images)


def test_copies_of_training_images_are_left_out(game):
    """The game's own images are in the training data: it draws only copies of them."""
    free = draw_class(game, 0, 30, Sieve())
    images = np.concatenate([free.images[:10], noise(90)["real"]])
    sieve = Sieve.of(arrays.images(images), noise(50, 1), memorised=0.01)
    copies, unsure, distances = sieve.keep(free.images, 0)
    assert copies[:10].all() and not unsure.any()
    np.testing.assert_allclose(distances[:10], 0, atol=1e-3)
    assert sieve.keep(noise(50, 2)["real"], 0)[0].mean() < 0.1
    # An untrained game draws nothing but nearly equal images.
    kept = draw_class(game, 0, 10, dataclasses.replace(sieve, within=1e-4))
    assert kept.copies >= 10 and (kept.distances > 1e-4).all()
    assert len(kept.images) == 10 == kept.drawn - kept.copies


def test_how_near_a_real_image_comes():
    """Without held-out images those of the training say it to each other."""
    values = np.array([0, 10, 30, 60], np.uint8)[:, None, None, None]
    train = arrays.images(values + np.zeros((4, *SHAPE), np.uint8))
    apart = 8 / 255  # of two images whose 64 pixels differ by 1
    assert Sieve.of(train, memorised=0.5).within == pytest.approx(15 * apart, rel=1e-3)
    held_out = train.part(np.array([0, 2]))
    assert Sieve.of(train, held_out, memorised=0.5).within == pytest.approx(0, abs=1e-3)
    assert Sieve.of(train, memorised=0).train is None
    with pytest.raises(UserError, match="memorised=0"):
        Sieve.of(train.part(slice(1)))


def test_what_the_classifier_is_not_sure_of_is_left_out(game):
    means = draw_class(game, 0, 100, Sieve()).images.mean(axis=(1, 2, 3)) / 255
    bound = float(np.median(means))
    sieve = Sieve(classifier=Certain(), confidence=bound)
    kept = draw_class(game, 0, 20, sieve)
    assert (kept.images.mean(axis=(1, 2, 3)) / 255 >= bound).all()
    assert kept.unsure == kept.drawn - 20 > 0
    assert sieve.told()["classifier_accuracy"] == 0.5


def test_a_class_of_which_nothing_is_kept(game, tmp_path):
    sieve = Sieve(classifier=Certain(), confidence=0.999)
    with pytest.raises(
        UserError, match="only 0 of 100 samples of the class cat"
    ) as told:
        augment_dataset(game, tmp_path / "out", 2, sieve, log=quiet)
    assert told.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"counts": {"cta": 3}}, "counts=cta.*did you mean 'cat'"),
        ({"counts": {"cat": -1}}, "counts=cat=-1"),
        ({"n": 0}, "n=0.*no image"),
        ({"out": "."}, "is there already"),
        ({"out": "file"}, "is there already"),
    ],
)
def test_what_is_refused(game, tmp_path, settings, words):
    (tmp_path / "file").write_text("mine")
    out = tmp_path / settings.pop("out", "out")
    with pytest.raises(UserError, match=words):
        augment_dataset(game, out, settings.pop("n", 1), Sieve(), **settings, log=quiet)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_game_without_labels_or_images():
    plain = gan.build(gan.Config(width=4), specs.images(SHAPE))
    with pytest.raises(UserError, match="draws no class"):
        augmentation.checked_classes(plain)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_shares_are_shares(game, record, tmp_path, share):
    for name in ("memorised", "confidence"):
        with pytest.raises(UserError, match=f"{name}="):
            augmentation.augment_run(game, record, tmp_path / "x", 1, **{name: share})


def test_folders_of_classes_have_safe_names():
    names = ("../x", "a/b", "a-b", "", "...", "ü 1")
    found = augmentation.folder_names(names)
    assert found == ["-x", "a-b", "a-b-2", "class-3", "class-4", "ü 1"]
    assert all("/" not in one for one in found)
