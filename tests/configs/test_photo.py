"""What the variant for photographs chooses, and says."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import kgan
from kgan import data
from kgan.augmentations import DiffAugment
from kgan.configs import photo
from kgan.data.dataset import Dataset, Generated
from kgan.errors import UserError
from kgan.models import CGAN, GAN
from kgan.networks import r3gan
from kgan.penalties import R1, LeCam
from kgan.training import timing
from tests import specs

TINY = {"width": 2, "batch_size": 4, "latent": 2}


def of(side, count, channels=3):
    """A data set of `count` images, which nobody draws."""
    fields = specs.images((side, side, channels)).fields
    return Dataset("photos", fields, (Generated(count, None, "none"),))


@pytest.mark.parametrize(
    ("side", "sizes"),
    [(28, (32, 64)), (64, (32, 32)), (96, (16, 32)), (256, (8, 16))],
)
def test_sizes_are_by_the_larger_side(side, sizes):
    found, told = photo.suited(photo.Config(), of(side, 500), 1.0)
    assert (found.width, found.batch_size) == sizes
    assert f"width {sizes[0]}, batch_size" in told[0] and f"{side}x{side}" in told[0]


def test_more_hours_are_wider():
    widths = []
    for hours in (0.0, 1.0, 4.0, 20.0):
        found, told = photo.suited(photo.Config(), of(64, 500), hours)
        widths.append(found.width)
    assert widths == [32, 32, 64, 128]
    assert "4 times as wide for 20 hours" in told[0]


def test_few_images_are_augmented_and_what_is_set_stays():
    few, told = photo.suited(photo.Config(), of(64, 3068), 1.0)
    assert few.augmentations == "diffaugment" and "3,068 images" in told[1]
    many, told = photo.suited(photo.Config(), of(64, 50_000), 1.0)
    assert many.augmentations == "none" and "so many need no changes" in told[1]
    given = photo.Config(**TINY, augmentations="color", epochs=1)
    assert photo.suited(given, of(64, 3068), 20.0) == (given, [])


def test_without_hours_it_says_how_long_it_is():
    told = photo.suited(photo.Config(), of(64, 500), 0.0)[1]
    assert told[-1].startswith("photo: 4,000 updates, at least an epoch; `hours=1`")


def test_auto_goes_with_no_other():
    with pytest.raises(UserError, match="auto goes with no other"):
        photo.Config(augmentations="auto+color")


def test_builds_what_was_chosen():
    config = photo.Config(**TINY)
    game = photo.build(config, specs.images((8, 8, 3)))
    assert type(game) is GAN and [type(a) for a in game.augmentations] == [DiffAugment]
    (penalty,) = game.penalties
    assert (type(penalty), penalty.interval) == (R1, 4)
    norms = [one.name for one in game.discriminator.layers if "norm" in one.name]
    assert not norms and game.discriminator.get_layer("score").input.shape == (None, 32)


def test_d_reads_the_class_where_there_is_one():
    classes = ("coat", "shoe")
    game = photo.build(photo.Config(**TINY), specs.images((8, 8, 3), classes))
    assert type(game) is CGAN and game.label_weight == 1.0
    assert game.discriminator.output["attribute_0"].shape == (None, 2)


def test_another_recipe_is_other_defaults():
    """R3GAN with LeCam, if it wins the race: fields alone, and its own widths."""

    @dataclasses.dataclass(frozen=True)
    class Other(photo.Config):
        network: str = "r3gan"
        objective: str = "hinge"
        penalty: str = "lecam"
        rate_end: float = 1.0

    found, told = photo.suited(Other(), of(16, 100, 1), 20.0)
    assert (found.width, found.batch_size, found.widest) == (0, 64, 128)
    assert told[0].startswith("photo: batch_size 64") and "wide for" not in told[0]
    game = photo.build(dataclasses.replace(found, width=2), specs.images((16, 16, 1)))
    assert type(game.penalties[0]) is LeCam
    assert [type(one) for one in game.augmentations] == [DiffAugment]
    alike = r3gan.discriminator((16, 16, 1), width=2)
    assert game.discriminator.count_params() == alike.count_params()


def test_a_run_by_hours_says_and_records_what_was_chosen(tmp_path, monkeypatch):
    """With dense networks, which compile in a moment."""
    monkeypatch.setattr(timing._Clock, "seconds", 0.03)
    monkeypatch.setattr(timing._Clock, "has_enough", lambda clock: True)
    pixels = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 3), np.uint8)
    given = {"network": "mlp", "penalty": "none", "objective": "hinge", "latent": 2}
    given |= {"width": 2, "batch_size": 4, "hours": 9e-5}
    said = []
    kgan.train("photo", pixels, tmp_path / "run", log=said.append, **given)
    told = "\n".join(said)
    assert "augmentations diffaugment: 12 images" in told
    assert "so 9 epochs of 1 step, 3 passes over the data" in told
    kept = json.loads(Path(tmp_path / "run" / "run.json").read_text())["config"]
    assert (kept["augmentations"], kept["epochs"]) == ("diffaugment", 9)
    game = kgan.load(tmp_path / "run")
    assert [type(one) for one in game.augmentations] == [DiffAugment]


def test_check_data_reads_images_as_it_would():
    pixels = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)
    report = kgan.check_data("photo", data.arrays.images(pixels, name="noise"))
    assert any("photo: augmentations diffaugment" in line for line in report.lines())
