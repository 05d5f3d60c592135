"""Folders of images as users have them."""

import os

import numpy as np
import pytest
from PIL import Image

from kgan.data import load
from kgan.data.decoding import threads
from kgan.errors import UserError
from kgan.networks.sides import CONVOLUTIONAL


def put(path, value=0, size=(8, 8), mode="L"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path)


def quiet(_):
    """Take a line and drop it."""


def test_flat_folder_in_sorted_order_without_labels(tmp_path):
    for value, name in enumerate(["b.png", "a.PNG", "c.JpG", "d.webp", "e.bmp"]):
        put(tmp_path / name, value * 50)
    images = load(str(tmp_path), channels=1, log=quiet)
    assert images.spec.shape == (8, 8, 1)
    assert len(images) == 5 and "label" not in images and images.classes == ()
    order = images["real"].reshape(5, -1).mean(axis=1)
    np.testing.assert_allclose(order, [50, 0, 100, 150, 200], atol=2)
    assert images.name == tmp_path.name


def test_class_subfolders(tmp_path):
    put(tmp_path / "dog" / "1.png", 10)
    put(tmp_path / "cat" / "2.png", 20)
    put(tmp_path / "cat" / "1.png", 30)
    (tmp_path / "ant").mkdir()
    (tmp_path / "bee").mkdir()
    (tmp_path / "bee" / "1.png").write_text("no image")
    images = load(tmp_path, log=quiet)
    assert images.classes == ("cat", "dog")
    assert images["label"].dtype == np.int32
    assert images["label"].tolist() == [0, 0, 1]
    assert images["real"][:, 0, 0, 0].tolist() == [30, 20, 10]
    assert images.left_out == ("bee/1.png: not an image of a known kind",)


def test_images_on_two_levels_are_refused(tmp_path):
    put(tmp_path / "a.png")
    put(tmp_path / "cat" / "b.png")
    with pytest.raises(UserError, match="both directly .1. and in subfolders .1."):
        load(tmp_path, log=quiet)


def test_train_and_test_folders(tmp_path):
    put(tmp_path / "train" / "cat" / "1.png", 10)
    put(tmp_path / "test" / "cat" / "1.png", 20)
    put(tmp_path / "test" / "dog" / "1.png", 30)
    train = load(tmp_path, log=quiet)
    test = load(tmp_path, split="test", log=quiet)
    assert train["real"][:, 0, 0, 0].tolist() == [10] and train.classes == ("cat",)
    assert test["real"][:, 0, 0, 0].tolist() == [20, 30]
    assert test.name == tmp_path.name
    with pytest.raises(UserError, match="split=val: .* has the splits test and train"):
        load(tmp_path, split="val", log=quiet)


def test_whole_folder_has_no_test_split(tmp_path):
    put(tmp_path / "train" / "1.png")
    put(tmp_path / "plane" / "1.png")
    assert load(tmp_path, log=quiet).classes == ("plane", "train")
    with pytest.raises(
        UserError, match="split=test: .* the split train; put images into"
    ):
        load(tmp_path, split="test", log=quiet)


def test_unusable_files_are_left_out_and_named(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    for name in ("a.png", *(f"h{n}.png" for n in range(5))):
        Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "b.png").write_bytes(whole[:-40])
    (tmp_path / "c.png").touch()
    (tmp_path / "d.png").write_text("text")
    os.mkfifo(tmp_path / "e.png")
    (tmp_path / "f\n\x1b[31m.png").touch()
    (tmp_path / "g.png").symlink_to("nowhere")
    (tmp_path / "notes.txt").touch()
    said = []
    images = load(tmp_path, log=said.append)
    assert (images["real"][..., 0] == noise).all() and len(images) == 6
    assert images.left_out == (
        "b.png: truncated",
        "c.png: empty",
        "d.png: not an image of a known kind",
        "e.png: not a regular file",
        "f??[31m.png: empty",
        "g.png: not a regular file",
        "notes.txt: of suffix .txt",
    )
    left_out = (
        "left out 7 of 13 files: 2 empty (c.png, f??[31m.png), "
        "2 not a regular file (e.png, g.png), 1 truncated (b.png), "
        "1 not an image of a known kind (d.png), 1 of suffix .txt (notes.txt)"
    )
    assert said == [
        left_out,
        f"{tmp_path.name}: 6 images 8x8x1, no labels, 384 bytes in memory",
    ]


def test_more_unusable_files_than_usable_ones(tmp_path):
    put(tmp_path / "a.png")
    for name in ("b.png", "c.png"):
        (tmp_path / name).touch()
    with pytest.raises(
        UserError, match=r": 2 of 3 images .* half: 2 empty \(b.png, c.png\)"
    ) as e:
        load(tmp_path, log=quiet)
    assert e.value.exit_code == 1


def test_links_to_elsewhere_are_followed(tmp_path):
    put(tmp_path / "elsewhere" / "1.png", 40)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "cat").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "mine" / "loop").symlink_to(tmp_path / "mine")
    images = load(tmp_path / "mine", log=quiet)
    assert images.classes == ("cat",) and images["real"].max() == 40


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist"),
        ({}, "holds no usable image; put png"),
        (
            {"a.txt": b"", "b.txt": b""},
            r"2 other files: 2 of suffix .txt \(a.txt, b.txt\)",
        ),
        ({"a.png": b"text"}, "1 unusable: 1 not an image"),
        (b"", "is a file; give the folder"),
    ],
)
def test_folder_without_images_is_named(tmp_path, content, message):
    folder = tmp_path / "mine"
    if isinstance(content, dict):
        folder.mkdir()
        for name, data in content.items():
            (folder / name).write_bytes(data)
    elif content is not None:
        folder.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        load(str(folder), log=quiet)
    assert str(folder) in str(caught.value) and caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("sizes", "shape"),
    [
        ([(28, 28)] * 3, (28, 28)),
        ([(64, 48)] * 2, (48, 64)),
        ([(30, 30)] * 2, (32, 32)),
        ([(64, 100), (300, 200), (90, 64)], (64, 64)),
    ],
)
def test_own_size_that_a_network_can_draw(tmp_path, sizes, shape):
    for number, size in enumerate(sizes):
        put(tmp_path / f"{number}.png", size=size)
    images = load(tmp_path, drawable=CONVOLUTIONAL, log=quiet)
    assert images.spec.shape == (*shape, 1)


@pytest.mark.parametrize("side", [4, 30, 128])
def test_own_side_of_any_network(tmp_path, side):
    put(tmp_path / "1.png", size=(side, side))
    assert load(tmp_path, log=quiet).spec.shape == (side, side, 1)


def test_own_channels_are_colour_if_any_image_is(tmp_path):
    put(tmp_path / "a.png", 90)
    assert load(tmp_path, log=quiet).spec.shape[2] == 1
    put(tmp_path / "b.png", (255, 0, 0), mode="RGB")
    images = load(tmp_path, log=quiet)
    assert images.spec.shape[2] == 3
    assert images["real"][:, 0, 0].tolist() == [[90, 90, 90], [255, 0, 0]]
    grey = load(tmp_path, channels=1, log=quiet)
    assert grey["real"][:, 0, 0, 0].tolist() == [90, 76]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"image_size": -8}, "image_size=-8: must be 1 or more, or 0 for the data's"),
        ({"channels": 2}, "channels=2: 1 is grey, 3 is colour"),
        ({"channels": 4}, "channels=4: 1 is grey, 3 is colour"),
    ],
)
def test_impossible_shapes_are_refused(tmp_path, wanted, message):
    put(tmp_path / "a.png")
    with pytest.raises(UserError, match=message):
        load(tmp_path, log=quiet, **wanted)


def test_leading_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    put(tmp_path / "mine" / "a.png")
    assert len(load("~/mine", log=quiet)) == 1


def test_mapped_file_holds_the_same_pixels(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (20, 16, 16, 3), np.uint8)
    (tmp_path / "mine").mkdir()
    for number, pixels in enumerate(noise):
        Image.fromarray(pixels).save(tmp_path / "mine" / f"{number:02}.png")
    (tmp_path / "mine" / "05.png").write_text("broken")
    said = []
    held = load(tmp_path / "mine", log=quiet)
    mapped = load(
        tmp_path / "mine",
        memory_limit=19 * 768 - 1,
        cache_dir=tmp_path / "cache",
        log=said.append,
    )
    assert isinstance(mapped["real"], np.memmap)
    assert not isinstance(held["real"], np.memmap)
    np.testing.assert_array_equal(mapped["real"], np.delete(noise, 5, axis=0))
    np.testing.assert_array_equal(mapped["real"], held["real"])
    assert "15 kB" in said[0] and str(tmp_path / "cache") in said[0]
    assert said[-1].endswith("15 kB in a memory-mapped file")
    # The limit itself still fits.
    fits = load(tmp_path / "mine", memory_limit=19 * 768, log=quiet)
    assert not isinstance(fits["real"], np.memmap)


def test_mapped_file_without_a_place_is_an_error(tmp_path):
    put(tmp_path / "mine" / "a.png")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file: cannot keep pixels") as caught:
        load(tmp_path / "mine", memory_limit=1, cache_dir=tmp_path / "file", log=quiet)
    assert caught.value.exit_code == 1


def test_files_that_vanish_or_rot_after_the_first_look(tmp_path, monkeypatch):
    """Headers are read first; by the time of decoding one file is gone, one cut."""
    for number in range(6):
        put(tmp_path / f"{number}.png", number)
    decode = threads.read_pictures

    def later(files, pixels, *rest):
        (tmp_path / "1.png").unlink()
        (tmp_path / "4.png").write_bytes((tmp_path / "4.png").read_bytes()[:45])
        return decode(files, pixels, *rest)

    monkeypatch.setattr(threads, "read_pictures", later)
    images = load(tmp_path, log=quiet)
    assert images["real"][:, 0, 0, 0].tolist() == [0, 2, 3, 5]
    assert images.left_out == ("1.png: does not exist", "4.png: truncated")
