"""The table of GANs of few images: what an arm is, and what D knows by heart."""

import numpy as np
import pytest

from kgan.augmentations import Adaptive, DiffAugment
from kgan.config import Config
from kgan.data import arrays
from kgan.experiments.papers import conditional, scarce_gan
from kgan.penalties import LeCam

CLASSES = ("a", "b")


def few(count, seed):
    pixels = np.random.default_rng(seed).integers(0, 255, (count, 8, 8, 1), np.uint8)
    labels = np.arange(count, dtype=np.int32) % 2
    return arrays.images(pixels, labels, name="few", classes=CLASSES)


@pytest.fixture
def game():
    made = conditional.build(Config(width=2, latent=4, ema=0.9), few(4, 0).spec)
    made.fields = dict(few(4, 0).fields)
    return made


@pytest.mark.parametrize(
    ("name", "augmentations", "penalties", "images"),
    [
        ("plain", [], [], 6),
        ("mirrored data", [], [], 12),
        ("DiffAugment", [DiffAugment], [], 6),
        ("ADA", [Adaptive], [], 6),
        ("DiffAugment and LeCam", [DiffAugment], [LeCam], 6),
    ],
)
def test_arms(monkeypatch, name, augmentations, penalties, images):
    def trained(table, build, config, folder, log, dataset):
        return build(config, dataset.spec), dataset

    monkeypatch.setattr(scarce_gan, "trained", trained)
    arm = scarce_gan.ARMS[name]
    game, data = scarce_gan.learned(arm, few(6, 0), 0, True, None, print)
    assert [type(one) for one in game.augmentations] == augmentations
    assert [type(one) for one in game.penalties] == penalties
    assert len(data) == images
    if images == 12:
        first, last = data["real"][0], data["real"][6]
        np.testing.assert_array_equal(first[:, ::-1], last)
        assert data["label"].tolist() == [0, 1] * 6


@pytest.mark.parametrize(
    ("name", "quick", "updates"),
    [
        ("plain", False, scarce_gan.UPDATES),
        ("plain, stopped early", False, scarce_gan.EARLY),
        ("plain, stopped early", True, scarce_gan.QUICK_UPDATES),
    ],
)
def test_how_long_an_arm_learns(monkeypatch, name, quick, updates):
    monkeypatch.setattr(
        scarce_gan, "trained", lambda table, build, config, *a, **k: config
    )
    config = scarce_gan.learned(scarce_gan.ARMS[name], few(6, 0), 0, quick, None, print)
    assert config.updates == updates


def test_what_d_knows_is_a_chance(game, monkeypatch):
    known, new = few(40, 1), few(60, 2)
    assert 0.3 < scarce_gan.knows(game, known, new) < 0.7
    assert scarce_gan.knows(game, known, known) == pytest.approx(0.5)

    def lightness(asked, batch_size, verbose):
        return np.asarray(asked["x"]).mean((1, 2, 3))

    monkeypatch.setattr(game.discriminator, "predict", lightness)
    bright = arrays.images(
        np.full((3, 8, 8, 1), 255, np.uint8),
        np.zeros(3, np.int32),
        name="few",
        classes=CLASSES,
    )
    assert scarce_gan.knows(game, bright, new) == 1.0
    assert scarce_gan.knows(game, new, bright) == 0.0
