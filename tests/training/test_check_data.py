"""The report on data says what a training would do with it."""

import shutil

import numpy as np
import pytest
from PIL import Image, ImageFilter

import kgan
from kgan.data.checking import amount
from kgan.data.checking.sheet import contact_sheet
from kgan.fields import options
from kgan.sizes import Size
from kgan.variants import load, names
from tests.data.checking.planting import photographs


def kinds(report):
    return {one.kind: one.misleads for one in report.findings}


@pytest.fixture
def classes(tmp_path):
    """A folder with 12 pictures in each of two classes."""
    for seed, name in enumerate(("cats", "dogs")):
        photographs(tmp_path / "pets" / name, 12, seed)
    return tmp_path / "pets"


def checked(folder, variant="cgan", **settings):
    return kgan.check_data(variant, folder, image_size=16, batch_size=4, **settings)


def test_a_class_that_cannot_be_read_misleads(classes):
    (classes / "birds").mkdir()
    (classes / "birds" / "1.png").write_bytes(b"no picture")
    report = checked(classes)
    assert report.found("unreadable class") == [("birds",)]
    assert kinds(report)["unreadable class"]
    assert report.counts["classes"] == {"cats": 12, "dogs": 12}
    assert any("no classes" in line for line in report.said), "as training says"


def test_a_copy_in_another_class_is_named(classes):
    (classes / "dogs" / "x.jpg").write_bytes(
        (classes / "cats" / "0003.jpg").read_bytes()
    )
    report = checked(classes)
    assert report.found("two classes") == [("dogs/x.jpg", "cats/0003.jpg")]


def test_what_training_refuses_is_told_with_what_was_found(classes):
    for split in ("train", "test"):
        photographs(classes.parent / "apart" / split / f"of_{split}", 12)
    report = checked(classes.parent / "apart")
    assert kinds(report)["refused"]
    (refused,) = [one.text for one in report.findings if one.kind == "refused"]
    assert "of_test, which the training does not know" in refused
    assert len(report.found("leak")) == 12


def test_too_few_for_one_batch(classes):
    report = kgan.check_data("dcgan", classes, image_size=16, batch_size=25)
    assert kinds(report)["refused"]
    assert report.counts["trained on"] == 24
    assert report.advice["batch_size"][0] == 8


def test_blurred_pictures_are_named(tmp_path):
    paths = photographs(tmp_path / "photos", 8)
    Image.open(paths[5]).filter(ImageFilter.GaussianBlur(4)).save(paths[5])
    assert checked(tmp_path / "photos").found("blurred") == [("0005.jpg",)]


def test_small_pictures_that_would_be_enlarged(tmp_path):
    photographs(tmp_path / "photos", 12)
    report = kgan.check_data("dcgan", tmp_path / "photos", image_size=128, batch_size=4)
    assert "enlarged" in kinds(report)
    assert report.advice["image_size"][0] == 88  # dcgan draws multiples of 4, 92 and 88


def test_dark_pictures(tmp_path):
    paths = photographs(tmp_path / "photos", 12)
    for path in paths:
        Image.open(path).point(lambda value: value // 4).save(path)
    assert "narrow values" in kinds(checked(tmp_path / "photos"))


def test_halves_of_pairs_and_two_domains(tmp_path):
    for seed, split in enumerate(("trainA", "trainB", "testA", "testB")):
        photographs(tmp_path / "apart" / split, 12, seed)
    where = kgan.DomainSource(dataset=str(tmp_path / "apart"))
    first, second = tmp_path / "apart" / "trainB", tmp_path / "apart" / "testB"
    (second / "x.jpg").write_bytes((first / "0001.jpg").read_bytes())
    report = checked(where, "cyclegan")
    assert report.found("leak") == [("testB/x.jpg", "trainB/0001.jpg")]
    photographs(tmp_path / "pairs", 24)  # 120x90 pictures, two of 60x90 each
    where = kgan.DomainSource(dataset=str(tmp_path / "pairs"))
    report = checked(where, "pix2pix")
    assert "refused" not in kinds(report)
    assert report.counts["cut off"] == "33 % of their area"


def test_the_sides_of_a_pair_may_look_alike(tmp_path):
    """As a picture and what compression left of it; a copy of a whole pair is one."""
    photographs(tmp_path / "B", 24)
    for path in (tmp_path / "B").iterdir():
        (tmp_path / "A").mkdir(exist_ok=True)
        Image.open(path).save(tmp_path / "A" / path.name, quality=60)
    where = kgan.DomainSource(source=str(tmp_path / "A"), target=str(tmp_path / "B"))
    assert not report_of_copies(where)
    for side in "AB":
        first = min((tmp_path / side).iterdir())
        shutil.copy(first, tmp_path / side / f"x{first.suffix}")
    assert len(report_of_copies(where)) == 2


def report_of_copies(where):
    report = checked(where, "pix2pix")
    return [*report.found("exact copy"), *report.found("near copy")]


def test_copies_of_sixteen_bits_are_found_whatever_else_lies_there(tmp_path):
    """Both parts are read with the levels of the training."""
    random = np.random.default_rng(0)
    for number in range(20):
        pixels = random.integers(0, 20_000, (32, 32), np.uint16)
        if number >= 10:
            pixels *= 3
        for part in ("train", "test")[: 1 + (number < 10)]:
            path = tmp_path / "photos" / part / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path)
    assert len(checked(tmp_path / "photos").found("leak")) == 10


def test_arrays_are_checked_as_well():
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (40, 8, 8, 1), np.uint8)
    pixels[7], pixels[9] = pixels[3], 20
    report = kgan.check_data("gan", (pixels, np.arange(40) % 2), batch_size=4)
    assert report.found("exact copy") == [("train[7]", "train[3]")]
    assert report.found("blank") == [("train[9]",)]
    assert report.counts["classes"] == {"0": 20, "1": 20}


def test_points_are_refused():
    with pytest.raises(kgan.UserError, match="ring: holds points, no pictures"):
        kgan.check_data("gan", "ring")


OF_IMAGES = [one for one in names() if "image_size" in options(load(one).Config)]


@pytest.mark.parametrize("variant", OF_IMAGES)
def test_advice_names_fields_of_the_variant_alone(variant):
    config_class = load(variant).Config
    config = {name: one.default for name, one in options(config_class).items()}
    _, advice = amount.of_number(30, {}, False, config | {"batch_size": 32})
    _, more = amount.of_sizes([Size(20, 60)] * 5, Size(64, 64), config)
    given = advice | more
    assert {"flip", "batch_size", "image_size", "fit"} <= given.keys()
    assert given.keys() <= config.keys()
    config_class(**{name: value for name, (value, _) in given.items()})  # are allowed


def test_the_contact_sheet_shows_the_pictures(classes):
    (classes / "dogs" / "x.jpg").write_bytes(
        (classes / "cats" / "0003.jpg").read_bytes()
    )
    (classes / "dogs" / "y.jpg").write_bytes(b"no picture")
    sheet = contact_sheet(checked(classes))
    assert sheet.shape[1:] == (1026, 3)
    first, second = sheet[32:128, 6:102], sheet[32:128, 108:204]
    assert np.array_equal(first, second) and first.std() > 10
