"""Images of any height and width, from every place that they can come from."""

import numpy as np
import pytest
from PIL import Image

from kgan.data import DomainSource, load, load_domains
from kgan.errors import UserError
from kgan.networks.sides import CONVOLUTIONAL
from kgan.sizes import FITS


def gradient(height, width, blue=0):
    """Red grows to the right, green downwards: every place has its own colour."""
    y, x = np.mgrid[:height, :width]
    red, green = x * 255 // (width - 1), y * 255 // (height - 1)
    return np.stack([red, green, np.full_like(red, blue)], -1).astype(np.uint8)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def wide(tmp_path):
    """The case wide_256x128: pictures of 128x256, in height and width."""
    for i in range(12):
        save(tmp_path / "wide" / f"{i:02d}.png", gradient(128, 256, 6 * i))
    return tmp_path / "wide"


def test_wide_pictures_are_cropped_and_it_is_said(wide):
    said = []
    images = load(wide, drawable=CONVOLUTIONAL, log=said.append)
    assert images.spec.shape == (64, 64, 3)
    told, described = said
    assert told == (
        "wide: 12 of 128x256 cropped to 128x128 (height x width): 50 % of their area is "
        "cut off; `image_size=64x128` keeps the shape of 12"
    )
    assert described == "wide: 12 images 64x64x3, no labels, 147 kB in memory"
    red = images["real"][0, 0, :, 0].astype(int)
    assert abs(red[0] - 64) <= 2 and abs(red[-1] - 191) <= 2, "the middle half"


@pytest.mark.parametrize("size", [(128, 256), "128x256"])
def test_the_size_asked_for_keeps_all(wide, size):
    said = []
    images = load(wide, image_size=size, drawable=CONVOLUTIONAL, log=said.append)
    np.testing.assert_array_equal(images["real"][3], gradient(128, 256, 18))
    assert said == ["wide: 12 images 128x256x3, no labels, 1 MB in memory"]


def test_pictures_of_one_small_shape_keep_it(tmp_path):
    for i in range(3):
        save(tmp_path / "small" / f"{i}.png", gradient(96, 64, i))
    said = []
    images = load(tmp_path / "small", drawable=CONVOLUTIONAL, log=said.append)
    np.testing.assert_array_equal(images["real"][1], gradient(96, 64, 1))
    assert len(said) == 1 and "3 images 96x64x3" in said[0]


@pytest.mark.parametrize(
    ("fit", "told", "left", "right"),
    [
        ("crop", "cropped to 128x128", 64, 191),
        ("pad", "padded to 256x256", 0, 255),
        ("stretch", "stretched to 64x64", 0, 255),
    ],
)
def test_every_fit_says_what_it_does(wide, fit, told, left, right):
    said = []
    images = load(wide, image_size=64, fit=fit, log=said.append)
    assert said[0].startswith(f"wide: 12 of 128x256 {told} (height x width): ")
    red = images["real"][0, 32, :, 0].astype(int)
    assert abs(red[0] - left) <= 3 and abs(red[-1] - right) <= 3
    bars = images["real"][0, [0, 15, 48, 63]]
    assert (np.ptp(bars.reshape(-1, 3), axis=0).max() == 0) == (fit == "pad")


def test_a_size_that_the_network_cannot_draw_is_refused_before_decoding(wide):
    with pytest.raises(UserError, match="image_size=30x64: .* 28x64 or 32x64"):
        load(wide, image_size=(30, 64), drawable=CONVOLUTIONAL)


def test_digits_of_another_shape():
    said = []
    digits = load("digits", image_size=(8, 16), fit="pad", log=said.append)
    assert digits.spec.shape == (8, 16, 1)
    assert said[0].startswith(
        "digits: 1,437 of 8x8 padded to 8x16 (height x width): 50"
    )
    square = load("digits", log=said.append)
    np.testing.assert_array_equal(digits["real"][:, :, 4:12], square["real"])


@pytest.mark.parametrize("fit", FITS)
def test_both_halves_of_a_pair_are_treated_alike(tmp_path, fit):
    """Each place has its own colour: it has the same in the other half."""
    for i in range(4):
        pair = np.concatenate([gradient(64, 64), gradient(64, 64, 200)], 1)
        save(tmp_path / "pairs" / f"{i}.png", pair)
        save(tmp_path / "A" / f"{i}.png", pair[:, :64])
        save(tmp_path / "B" / f"{i}.png", pair[:, 64:])
    apart = DomainSource(source=str(tmp_path / "A"), target=str(tmp_path / "B"))
    for source in (DomainSource(str(tmp_path / "pairs")), apart):
        said = []
        options = {"image_size": (16, 32), "fit": fit, "log": said.append}
        data = load_domains(source, paired=True, **options)
        assert data.spec["source"].shape == data.spec["real"].shape == (16, 32, 3)
        np.testing.assert_array_equal(data["source"][..., :2], data["real"][..., :2])
        assert (data["real"][..., 2] == 200).all() and (
            data["source"][..., 2] == 0
        ).all()
        assert "pairs" in said[0] and ": 4 of 64x64 " in said[0]
        assert data.held_out["real"].shape[1:] == (16, 32, 3)


def test_domains_without_pairs(tmp_path):
    for i in range(4):
        save(tmp_path / "A" / f"{i}.png", gradient(40, 80, i))
        save(tmp_path / "B" / f"{i}.png", gradient(64, 48, i))
    where = DomainSource(source=str(tmp_path / "A"), target=str(tmp_path / "B"))
    said = []
    options = {"paired": False, "log": said.append}
    data = load_domains(where, image_size=(16, 32), **options)
    assert data.spec["source"].shape == data.spec["real"].shape == (16, 32, 3)
    assert [line.split(":")[0] for line in said] == ["A", "B", "B", "A-B"]
    assert "4 of 64x48 cropped to 24x48" in said[1]
    with pytest.raises(UserError, match="A has images of 40x80 .* B of 64x48"):
        load_domains(where, **options)


def test_a_task_of_wide_pictures(wide):
    data = load_domains(
        DomainSource(str(wide), task="complete"),
        paired=True,
        image_size=(32, 64),
        log=lambda line: None,
    )
    holes = (data["source"][0] == 128).all(-1)
    assert holes[8:24, 16:48].all() and holes.sum() == 16 * 32
    assert data["real"].shape[1:] == (32, 64, 3)
