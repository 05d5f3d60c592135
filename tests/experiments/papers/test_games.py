"""The games behind the tables: each builds, takes a step, and draws what it should."""

import dataclasses
import os

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from kgan.config import Config
from kgan.data import Field, Spec, arrays
from kgan.data.kinds import Image as Pictures
from kgan.experiments.papers import (
    TABLES,
    Cell,
    codes,
    conditional,
    densities,
    mixtures,
    objectives,
    reproduce,
    stacked,
)

SMALL = Config(batch_size=8, latent=74, width=4)
CLASSES = tuple("0123456789")


def digits(count, channels=1):
    pixels = np.random.default_rng(0).uniform(-1, 1, (count, 28, 28, channels))
    label = np.arange(count, dtype="int32") % 10
    return {"real": tf.constant(pixels, "float32"), "label": tf.constant(label)}


def spec(channels=1, classes=CLASSES):
    """Of digits, in one or several colours."""
    return Spec({"real": Field((28, 28, channels), "uint8", Pictures())}, classes)


GAMES = {
    "gan": (densities.build(False, densities.PUBLISHED), 1),
    "cgan": (densities.build(True, densities.CONDITIONAL), 1),
    "infogan": (codes.build(codes.InfoGAN, 4), 1),
    "without the information term": (codes.build(codes.Uninformed, 4), 1),
    "conditional DCGAN": (conditional.build, 1),
    "stacked, packed": (stacked.build(4, False), 3),
    "stacked, modern": (stacked.build(1, True), 3),
    **{
        name: (objectives.build(make), 1)
        for name, (make, _) in objectives.OBJECTIVES.items()
    },
}


# One of each kind; the others with  -m slow.
QUICK = {"gan", "cgan", "without the information term", "stacked, packed"}
QUICK |= {"WGAN-GP", "PacGAN3, R1"}


def quickly(names):
    """`names` as parameters, all but `QUICK` marked slow."""
    return [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
        for name in names
    ]


@pytest.mark.parametrize("name", quickly(GAMES))
def test_a_step(name):
    build, channels = GAMES[name]
    game = build(SMALL, spec(channels))
    batch = digits(8, channels)
    if name not in ("cgan", "conditional DCGAN"):
        del batch["label"]
    before = [v.numpy() for v in game.generator.trainable_variables]
    logs = {key: float(value) for key, value in game.train_step(batch).items()}
    assert np.isfinite(list(logs.values())).all(), logs
    after = [v.numpy() for v in game.generator.trainable_variables]
    assert any((a != b).any() for a, b in zip(before, after, strict=True))
    assert game.samples(game.latents(3, (0, 0))).shape == (3, 28, 28, channels)


def test_without_the_information_term_g_is_not_told():
    """Its gradient is the plain game's; Q still learns."""
    games = [
        codes.build(kind, 4)(SMALL, spec(classes=()))
        for kind in (codes.InfoGAN, codes.Uninformed)
    ]
    told, untold = games
    assert {"G/category_0", "D/category_0"} <= set(told.tracked)
    assert "D/category_0" in untold.tracked and "G/category_0" not in untold.tracked


@pytest.mark.parametrize("name", quickly(mixtures.METHODS))
def test_a_method_of_the_mixtures_plays(name):
    method = dataclasses.replace(mixtures.METHODS[name])
    game = method.build(0, 10, 8)
    assert method.batch % game.pack == 0 and 508 <= method.batch <= 512
    points = mixtures.ring().draw(method.batch * game.max_steps, [0, 0])
    logs = game.train_step({"real": points})
    assert np.isfinite([float(value) for value in logs.values()]).all()
    assert game.generate(5).shape == (5, 2)


def test_a_quick_mixture_from_the_command_to_the_picture(tmp_path, monkeypatch):
    table = TABLES["ring"]
    rows = tuple(row for row in table.rows if row.name == "GAN")
    monkeypatch.setattr(mixtures, "QUICK_STEPS", 10)
    few = mixtures.measure(mixtures.ring(), 200, 8)
    small = dataclasses.replace(table, rows=rows, measure=few)
    text = reproduce(small, tmp_path, quick=True, log=lambda line: None)
    assert "| GAN | 6.3 ± 0.5 · **" in text and "1,000 steps, one seed" in text
    with Image.open(tmp_path / "ring-quick.png") as picture:
        assert picture.size == (600, 128)  # 5 pictures on the way
    (strip,) = tmp_path.rglob("strip.npz")
    assert np.load(strip)["steps"].tolist() == [2, 4, 6, 8, 10]


def test_stacks_are_three_digits():
    digits = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones(
        (28, 28, 1), "u1"
    )
    stacks = stacked.stacked(digits, 200, 0)
    assert stacks.shape == (200, 28, 28, 3) and stacks.dtype == np.uint8
    assert len({tuple(stack[0, 0]) for stack in stacks}) > 80, "of 125"
    np.testing.assert_array_equal(stacks, stacked.stacked(digits, 200, 0))
    assert arrays.images(stacks, name="stacks").spec.shape == (28, 28, 3)


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_quick_tables(name, tmp_path, monkeypatch):
    """Under 3 minutes each, on an idle machine with MNIST."""
    if TABLES[name].folder:
        root = os.environ.get("KGAN_TEST_DATA", "")
        monkeypatch.setenv("KGAN_IMAGES_DIR", root)
        if not root or not os.path.isdir(os.path.join(root, TABLES[name].folder)):
            pytest.skip(f"$KGAN_TEST_DATA names no folder with {TABLES[name].folder}/")
    if name == "defence":
        for package in ("foolbox", "art"):
            pytest.importorskip(package, reason="the extra robustness is missing")
    text = reproduce(TABLES[name], tmp_path, quick=True)
    for row in TABLES[name].rows:
        assert f"| {row.name} |" in text
    # A KL of no samples, labels that nobody asked for, the L1 of no translation, the
    # cycle of none, a way through no defence, the plane of no direction.
    holes = ("ring", "cgan_parzen", "facades", "usps", "defence", "edits")
    assert "**–**" not in text.split("What differs")[0] or name in holes


def test_the_picture_of_the_code_is_the_best_seeds(tmp_path):
    errors = {0: 14.0, 1: 9.0, 2: 11.0}
    cells = [
        Cell("InfoGAN", seed, {"L_I": 2.3, "code error": error}, 1.0, "", "")
        for seed, error in errors.items()
    ]
    for seed in errors:
        samples = tmp_path / f"InfoGAN-{seed}" / "samples"
        samples.mkdir(parents=True)
        for epoch in (1, 2):
            (samples / f"epoch-0000{epoch}.png").write_text(f"{seed} {epoch}")
    codes.draw(codes.TABLE, cells, tmp_path, tmp_path / "code.png")
    assert (tmp_path / "code.png").read_text() == "1 2"
