"""The table of defences: the paper's nets, and what a row measures."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from PIL import Image

from kgan.applications import attacks
from kgan.data import arrays
from kgan.experiments.papers import (
    defence,
    defence_bench,
    defence_nets,
    defence_parts,
    strips,
)
from kgan.experiments.papers.folders import Lacking
from kgan.experiments.papers.table import slug


@pytest.mark.parametrize(
    "name, parameters",
    [
        # conv 25*64+64, conv 25*64*64+64, dense 12*12*64*128+128, dense 128*10+10
        ("A", 1664 + 102_464 + 1_179_776 + 1290),
        # conv 64*64+64, conv 36*64*128+128, conv 25*128*128+128, dense 128*10+10
        ("B", 4160 + 295_040 + 409_728 + 1290),
        ("D", 784 * 200 + 200 + 200 * 200 + 200 + 2010),
    ],
)
def test_the_nets_are_the_papers(name, parameters):
    net = defence_nets.build(name, 0)
    assert net.count_params() == parameters
    assert net.output_shape == (None, 10)
    same, other = (defence_nets.build(name, seed) for seed in (0, 1))
    first = [one.get_weights()[0] for one in (net, same, other)]
    np.testing.assert_array_equal(first[0], first[1])
    assert np.abs(first[0] - first[2]).max() > 0


def test_a_net_of_single_pixels_does_not_see_a_dark_pixel_change():
    chance = np.random.default_rng(0)
    dark = chance.uniform(0, 25, (50, 28, 28, 1))
    ink = chance.random((50, 28, 28, 1)) < chance.random((28, 28, 1))
    pixels = np.where(ink, 255, dark).astype(np.uint8)
    net = defence_nets.build("D", 0, dropout=False)
    defence_nets.read_single_pixels(net, pixels)
    kernel = net.layers[3].get_weights()[0]
    assert kernel.shape == (784, 200) and ((kernel != 0).sum(0) == 1).all()
    read = np.flatnonzero(kernel.sum(1))
    assert len(read) == 200 and ((read // 28 + read % 28) % 2 == 0).all()
    shares = ink.mean(0).ravel()
    left = np.setdiff1d(np.flatnonzero(np.indices((28, 28)).sum(0) % 2 == 0), read)
    spread = shares * (1 - shares)
    assert spread[read].min() >= spread[left].max()
    changed = np.where(ink, pixels, pixels + 0.29 * 255)
    np.testing.assert_array_equal(net.predict(changed), net.predict(pixels))
    assert (net.predict(255.0 - changed) != net.predict(pixels)).any()


@pytest.fixture
def bench(monkeypatch):
    """Stands in for all that is trained: a net that reads a digit off the first pixel."""
    x = np.zeros((20, 28, 28, 1), np.float32)
    label = np.arange(20, dtype=np.int32) % 10
    x[:, 0, 0, 0] = label / 10

    class Stub(defence_bench.Bench):
        def __init__(self, row, seed, quick, folder, log):
            self.size = defence_parts.QUICK._replace(adaptive=4)
            self.seed, self.projected = seed, row.options.get("projected", False)
            self.training = row.options.get("training")
            self.x, self.label = x, label.copy()
            self.label[0] = 9  # is named wrong before any attack
            self.logits = lambda images: (
                -np.square(np.asarray(images)[:, 0, 0, :1] * 10 - np.arange(10))
            )

        def attacked(self, column):
            """Misleads about the first four images, or all of CW."""
            made, many = self.x.copy(), 20 if column == defence_bench.CW else 4
            made[:many, 0, 0] = (made[:many, 0, 0] + 0.1) % 1
            return made

        def adaptive(self, column):
            *_, every = defence_bench.THROUGH[column]
            return self.attacked(column)[: None if every else self.size.adaptive]

        def within(self):
            return self.attacked(defence_bench.MANIFOLD)[: self.size.adaptive]

        rival = None

        def detected(self, made):
            np.testing.assert_array_equal(made, self.attacked(defence_bench.PGD))
            return 0.75

        def purified(self, images):
            """Undoes half of the damage of the first four."""
            if not self.projected:
                return images
            images = images.copy()
            images[:2] = self.x[:2]
            return images

    monkeypatch.setattr(defence, "Bench", Stub)
    for package in ("foolbox", "toolbox"):
        monkeypatch.setattr(defence.attacks, package, lambda: None)


def measured(name, tmp_path):
    row = next(row for row in defence.TABLE.rows if row.name == name)
    return defence.measure(row, 0, True, tmp_path / "row", lambda line: None)


def test_a_row_counts_what_was_right_before(bench, tmp_path):
    found = measured("A, no defence", tmp_path)
    assert found["clean"] == pytest.approx(19 / 20)
    assert found[defence.FGSM] == pytest.approx(16 / 19)
    assert found[defence.CW] == 0
    assert found[defence.MANIFOLD] == 0  # of the first four, three were right before
    assert found["L2"] == pytest.approx((0.1 * 4) / 4, abs=1e-6)
    assert not found.keys() & {defence.BPDA, "AUC"} and found["detector"] == 0.75


def test_a_row_with_a_projection(bench, tmp_path):
    found = measured("A, Defense-GAN", tmp_path)
    assert found[defence.FGSM] == pytest.approx(17 / 19)
    assert found[defence.UNROLLED] == pytest.approx(17 / 19)
    for column in (defence.BPDA, defence.BPDA_L2, defence.TANGENT):
        assert found[column] == pytest.approx(1 / 3)
    assert 0.5 < found["AUC"] <= 1
    assert set(found) == set(defence.TABLE.columns) - {defence.RIVAL, "detector"}


def test_a_picture_shows_what_each_attack_leaves(bench, tmp_path):
    row = next(row for row in defence.TABLE.rows if row.name == "A, Defense-GAN")
    folder = tmp_path / f"{slug(row.name)}-0"
    defence.measure(row, 0, True, folder, lambda line: None)
    kept = strips.kept(tmp_path, row.name)
    changed = kept[defence.FGSM] != kept[defence.CLEAN]
    assert changed.any((1, 2, 3)).tolist() == [True] * 4 + [False] * 6
    undone = kept[f"{defence.FGSM}, {defence.PURIFIED}"] == kept[defence.CLEAN]
    assert undone.all((1, 2, 3)).tolist() == [True] * 2 + [False] * 2 + [True] * 6
    others = {"clean", "L2", "AUC", "detector", defence.RIVAL}
    attacked = set(defence.TABLE.columns) - others
    assert attacked < set(kept) and len(kept) == 2 + 2 * len(attacked)
    defence.draw(defence.TABLE, [], tmp_path, tmp_path / "defence.png")
    with (
        Image.open(tmp_path / "defence.png") as purified,
        Image.open(tmp_path / "defence-sheet.png") as sheet,
    ):
        assert sheet.height == 2 * purified.height


def test_without_foolbox_nothing_is_trained(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "foolbox", None)
    with pytest.raises(Lacking, match="need the package foolbox"):
        measured("A, no defence", tmp_path)
    assert not list(tmp_path.iterdir())


def test_no_column_of_images_that_were_wrong_before(bench, monkeypatch, tmp_path):
    monkeypatch.setattr(defence.Bench, "right", lambda self, x: np.zeros(len(x), bool))
    found = measured("A, no defence", tmp_path)
    assert set(found) == {"clean", "L2", "detector"} and found["clean"] == 0


def test_the_nets_of_rec_learn_what_g_makes(monkeypatch, tmp_path):
    """A generator that makes grey images only: its nets learn no others."""
    data = arrays.images(
        np.zeros((150, 28, 28, 1), np.uint8), np.zeros(150, np.int32), name="black"
    )

    class Grey:
        def __init__(self, game, restarts, steps):
            assert (game, restarts, steps) == ("G", 1, defence_parts.QUICK.once)

        def __call__(self, x, seed):
            assert not x.any()
            return SimpleNamespace(images=np.full_like(x, 0.5))

    monkeypatch.setattr(defence_parts, "images", lambda split: data)
    monkeypatch.setattr(defence_parts, "game_of", lambda *given: "G")
    monkeypatch.setattr(defence_parts.defence, "Projection", Grey)
    given = 0, True, tmp_path, lambda line: None
    pixels, labels = defence_parts.learned_by(defence_parts.REBUILT, *given)
    assert pixels.dtype == np.uint8 and set(pixels.flat) == {128}
    assert len(pixels) == len(labels) == defence_parts.QUICK.rebuilt
    pixels, _ = defence_parts.learned_by(None, *given)
    assert len(pixels) == 150 and not pixels.any()


def test_a_detector_knows_what_fgsm_makes(monkeypatch):
    chance = np.random.default_rng(0)
    pixels = chance.integers(0, 2, (120, 28, 28, 1)).astype(np.uint8) * 255
    label = chance.integers(0, 10, 120).astype(np.int32)
    data = arrays.images(pixels, label, name="noise", classes=tuple("0123456789"))
    monkeypatch.setattr(defence_bench, "images", lambda split: data)
    bench = object.__new__(defence_bench.Bench)
    bench.size = defence_parts.QUICK._replace(plain=60)
    bench.seed, bench.logits = (
        0,
        attacks.logits_of(defence_nets.build("D", 0), (0, 255)),
    )
    bench.x, bench.projection = (pixels[100:] / 255).astype(np.float32), None
    gradient = attacks.loss_gradient(bench.logits)
    made = attacks.fgsm(gradient, tf.constant(bench.x), tf.constant(label[100:]), 0.3)
    assert bench.detected(made.numpy()) > 0.9
    assert 0.2 < bench.detected(bench.x[::-1]) < 0.8


def test_a_net_of_another_budget_is_kept_under_another_name(monkeypatch):
    names = {
        defence_parts.net_name("D", way, 0, False) for way in (None, "fgsm", "pgd")
    }
    assert len(names) == 3
    assert defence_parts.net_name("D", "pgd", 0, True) not in names
    monkeypatch.setattr(defence_parts, "PATIENCE", {})
    assert defence_parts.net_name("D", "pgd", 0, False) not in names
    assert defence_parts.net_name("D", None, 0, False) in names


def test_a_net_of_single_pixels_learns_from_attacked_images_alone(
    monkeypatch, tmp_path
):
    held = SimpleNamespace(real=np.zeros((4, 28, 28, 1), np.uint8), label=np.arange(4))
    given = []
    monkeypatch.setattr(
        defence_parts.attacks, "harden", lambda net, *a, **k: given.append((net, k))
    )
    monkeypatch.setattr(defence_parts.networks, "train_network", None)
    monkeypatch.setattr(
        defence_parts, "learned_by", lambda *args: (held.real, held.label)
    )
    asked = "D", defence_parts.SINGLE, 0, True, tmp_path, lambda line: None
    net = defence_parts.trained_net(*asked)
    assert given[0][0] is net and given[0][1]["clean"] == 0
    assert (net.layers[3].get_weights()[0] != 0).sum() == 200
    assert not any(one.rate for one in net.layers if isinstance(one, layers.Dropout))


@pytest.mark.parametrize("name, times, steps", [("A", 1, 1), ("D", 4, 2)])
def test_the_dense_net_learns_longer_from_attacks(
    monkeypatch, tmp_path, name, times, steps
):
    """Of FGSM's examples, one step each, and of PGD's."""
    given = []
    monkeypatch.setattr(
        defence_parts.attacks, "harden", lambda *args, **kwargs: given.append(kwargs)
    )
    monkeypatch.setattr(defence_parts.networks, "train_network", lambda *a, **k: None)
    monkeypatch.setattr(defence_parts, "learned_by", lambda *args: (None, None))
    for training in ("fgsm", "pgd"):
        defence_parts.trained_net(name, training, 0, True, tmp_path, lambda line: None)
    fgsm, pgd = given
    quick = defence_parts.QUICK
    assert fgsm["updates"] == pgd["updates"] == times * quick.hardened
    assert (fgsm["steps"], pgd["steps"]) == (1, steps * quick.inner)
    assert (fgsm["clean"], pgd["clean"]) == (0.5, 0)
