"""Data sets of TFDS: by name, without the network, of any size."""

import io
import os
import pathlib
import shutil
import socket
import time

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from kgan.data import load
from kgan.data.sources import catalog
from kgan.errors import UserError

DATA_DIR = os.environ.get("TFDS_DATA_DIR", "")
needs_mnist = pytest.mark.skipif(
    not DATA_DIR or not (pathlib.Path(DATA_DIR) / "mnist").is_dir(),
    reason="TFDS_DATA_DIR names no folder with a prepared mnist",
)


def quiet(_):
    """Take a line and drop it."""


@pytest.fixture
def no_network(monkeypatch):
    """Fail at any look-up or connection."""

    def refuse(*arguments, **_):
        pytest.fail(f"touched the network: {arguments}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cifar10", "cifar10: is not prepared in .*; download fetches it"),
        ("cifar10:3.0.2", "cifar10:3.0.2: is not prepared"),
        ("emnist/letters", "emnist/letters: is not prepared"),
        ("mnsit", "mnsit: is no data set, nor a folder .*; did you mean mnist"),
        ("MNIST", "did you mean mnist"),
        ("digit", "did you mean digits"),
        ("qqqqqqqq", "try digits or mnist"),
        ("huggingface:mnist", "huggingface:mnist: is no data set"),
        ("cifar10:9.9.9", "cifar10:9.9.9: cannot be used .*only: 3.0.2"),
        ("mnist/nope", "mnist/nope: .*BuilderConfig nope not found"),
        ("imdb_reviews", "imdb_reviews: has no images, only text, label"),
        ("no/such", "no/such: does not exist; give a folder of images"),
        ("photos", "photos: is no data set, nor a folder that is there"),
        ("zipped.zip", "zipped.zip: does not exist; unpack the archive"),
        ("cat.png", "cat.png: does not exist; give a folder of images"),
        (
            "C:\\photos\\cats",
            r"a path of Windows, .* under WSL that is /mnt/c/photos/cats$",
        ),
        ("C:/photos", "C:/photos: is a path of Windows"),
        ("photos\\cats", "is a path of Windows, and not there; give a folder of this"),
        ("https://a.org/cats", "https://a.org/cats: is an address; fetch the images"),
    ],
)
def test_what_is_not_there_is_said_at_once(tmp_path, no_network, name, message):
    start = time.monotonic()
    with pytest.raises(UserError, match=message) as caught:
        load(name, data_dir=tmp_path, log=quiet)
    assert time.monotonic() - start < 3
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_error_names_the_folder_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(UserError, match=f"not prepared in {tmp_path};"):
        load("cifar10", log=quiet)


def test_download_only_if_it_is_asked_for(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    said = []
    with pytest.raises(
        UserError, match="cifar10: could not be downloaded .*no route to"
    ) as error:
        load("cifar10", data_dir=tmp_path, download=True, log=said.append)
    assert error.value.exit_code == 1
    assert said == [f"downloading cifar10 into {tmp_path}"]


def test_known_name_is_no_folder(tmp_path, monkeypatch):
    (tmp_path / "cifar10").mkdir()
    (tmp_path / "mine").mkdir()
    for folder in ("cifar10", "mine"):
        Image.new("L", (8, 8)).save(tmp_path / folder / "1.png")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="not prepared"):
        load("cifar10", data_dir=tmp_path / "data", log=quiet)
    assert len(load("./cifar10", log=quiet)) == 1
    assert len(load("mine", log=quiet)) == 1


SIZES = [(40, 20), (20, 40), (24, 24)]


class MixedSizes(tfds.core.GeneratorBasedBuilder):
    """Three plain colours in three sizes; the test split has no true labels."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            features=tfds.features.FeaturesDict(
                {
                    "mask": tfds.features.LabeledImage(labels=2, shape=(None, None, 1)),
                    "photo": tfds.features.Image(),
                    "label": tfds.features.ClassLabel(names=["cat", "dog"]),
                }
            ),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(True),
            "test": self._generate_examples(False),
        }

    def _generate_examples(self, labelled):
        for number, (width, height) in enumerate(SIZES):
            photo = io.BytesIO()
            Image.new("RGB", (width, height), (number * 50, 0, 7)).save(photo, "PNG")
            data = photo.getvalue()
            if number == 2 and not labelled:
                data = data[:-30]
            yield (
                number,
                {
                    "mask": np.zeros((4, 4, 1), np.uint8),
                    "photo": io.BytesIO(data),
                    "label": number % 2 if labelled else -1,
                },
            )


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A folder with the prepared MixedSizes."""
    folder = tmp_path_factory.mktemp("mixed")
    with catalog.quiet_tfds():
        MixedSizes(data_dir=folder).download_and_prepare()
    return folder


def test_pictures_of_mixed_sizes(mixed):
    images = load("mixed_sizes", data_dir=mixed, log=quiet)
    assert images.spec.shape == (32, 32, 3)
    assert images["real"][:, 5, 5].tolist() == [[0, 0, 7], [50, 0, 7], [100, 0, 7]]
    assert images["label"].tolist() == [0, 1, 0] and images.classes == ("cat", "dog")
    grey = load("mixed_sizes", image_size=8, channels=1, data_dir=mixed, log=quiet)
    assert grey.spec.shape == (8, 8, 1)


def test_broken_picture_and_missing_labels(mixed):
    said = []
    images = load("mixed_sizes", split="test", data_dir=mixed, log=said.append)
    assert "left out 1 of 3 images: 1 truncated (image 2)" in said
    assert len(images) == 2 and "label" not in images and images.classes == ()
    assert images.left_out == ("image 2: truncated",)


class Scans(tfds.core.GeneratorBasedBuilder):
    """Scans of 12 bits in files of 16."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        scan = tfds.features.Image(shape=(8, 8, 1), dtype=np.uint16)
        features = tfds.features.FeaturesDict({"scan": scan})
        return tfds.core.DatasetInfo(
            builder=self, features=features, disable_shuffling=True
        )

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples()}

    def _generate_examples(self):
        for number, value in enumerate((0, 1000, 4000)):
            yield number, {"scan": np.full((8, 8, 1), value, np.uint16)}


@pytest.mark.parametrize("wanted", [{}, {"image_size": 4}, {"levels": (0, 8000)}])
def test_scans_of_more_than_eight_bits(tmp_path, wanted):
    said = []
    with catalog.quiet_tfds():
        Scans(data_dir=tmp_path).download_and_prepare()
    scans = load("scans", data_dir=tmp_path, log=said.append, **wanted)
    white = 8000 if "levels" in wanted else 4000
    greys = [round(value * 255 / white) for value in (0, 1000, 4000)]
    assert scans["real"][:, 0, 0, 0].tolist() == greys
    assert scans.levels == {"real": (0, white)}
    assert ("levels" in wanted) != ("3 of 3 images have more than 8 bits" in said[0])


def test_lost_files_are_an_error(mixed, tmp_path):
    shutil.copytree(mixed / "mixed_sizes", tmp_path / "mixed_sizes")
    for file in tmp_path.rglob("*.tfrecord*"):
        file.unlink()
    with pytest.raises(
        UserError, match="mixed_sizes: cannot be read.*prepare it again"
    ):
        load("mixed_sizes", data_dir=tmp_path, log=quiet)


@needs_mnist
def test_mnist_as_it_is_and_scaled(no_network):
    said = []
    images = load("mnist:3.0.1", split="test", data_dir=DATA_DIR, log=said.append)
    line, classes = said
    assert line == "mnist: 10,000 images 28x28x1, 10 classes, 8 MB in memory"
    assert classes.startswith("classes: 0 (980), 1 (1,135), ")
    reference = tfds.as_numpy(tfds.load("mnist", split="test", data_dir=DATA_DIR))
    for number, record in zip(range(500), reference, strict=False):
        assert images["label"][number] == record["label"]
        np.testing.assert_array_equal(images["real"][number], record["image"])
    part = load("mnist", split="test[:300]", channels=3, data_dir=DATA_DIR, log=quiet)
    assert part.spec.shape == (28, 28, 3)
    np.testing.assert_array_equal(part["real"][..., 1:2], images["real"][:300])
    np.testing.assert_array_equal(part["label"], images["label"][:300])


@needs_mnist
def test_mnist_in_a_mapped_file(tmp_path):
    wanted = {"split": "test", "data_dir": DATA_DIR, "log": quiet}
    mapped = load("mnist", memory_limit=0, cache_dir=tmp_path, **wanted)
    assert isinstance(mapped["real"], np.memmap)
    np.testing.assert_array_equal(mapped["real"], load("mnist", **wanted)["real"])


def test_pictures_of_another_shape(mixed):
    """Two of three are not twice as wide as they are high."""
    said = []
    options = {"image_size": (16, 32), "data_dir": mixed}
    images = load("mixed_sizes", **options, log=said.append)
    assert images.spec.shape == (16, 32, 3)
    assert said[0].startswith("mixed_sizes: 1 of 40x20 cropped to 10x20, 1 of 24x")
    for fit, word in (("pad", "padded"), ("stretch", "stretched")):
        load("mixed_sizes", **options, fit=fit, log=said.append)
        assert word in said[-3]
