"""DiscoGAN's toy: what ties its modes, and where they land."""

import numpy as np
import pytest
from PIL import Image

from kgan.experiments.papers import TABLES, Cell, disco_toy, reproduce

LARGEST = 200_000  # bytes of a picture


def quiet(line):
    pass


def test_targets_of_a_known_assignment():
    """Two modes on one target, one on another; one point of 12 far from all."""
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    points = centres[[2, 2, 0]][:, None].repeat(4, 1)
    points[0, 0] = [10.0, 4.0]  # nearest to the second, which most are not
    found = disco_toy.landed(points, centres, 0.1)
    assert found == {"targets": 2, "near": pytest.approx(100 * 11 / 12)}
    points[1] += 0.31
    assert disco_toy.landed(points, centres, 0.1)["near"] == pytest.approx(100 * 7 / 12)


def test_two_mixtures_are_drawn_independently():
    first, again, other = (
        {name: value.numpy() for name, value in disco_toy.unpaired(5000, seed).items()}
        for seed in ([0, 0], [0, 0], [0, 1])
    )
    for name in ("source", "real"):
        np.testing.assert_array_equal(first[name], again[name])
        assert (first[name] != other[name]).any()
    which = [
        np.linalg.norm(first[name][:, None] - mixture.centres, axis=-1).argmin(1)
        for name, mixture in (("source", disco_toy.SOURCE), ("real", disco_toy.TARGET))
    ]
    paired = np.histogram2d(*which, (5, 10))[0]
    assert paired.min() > 50, "each with each: 100 of 5,000"


@pytest.mark.parametrize("row", TABLES["disco_toy"].rows, ids=lambda row: row.name)
def test_what_ties_the_toy(row):
    game = disco_toy.build(**row.options, seed=0, steps=10, width=4)
    batch = disco_toy.unpaired(8, [0, 0])
    logs = game.train_step(batch)
    assert np.isfinite([float(value) for value in logs.values()]).all()
    terms = {k: np.abs(v).max() for k, v in game.min_terms(game.forward(batch)).items()}
    pulls = {name for name, largest in terms.items() if largest > 0}
    judged = {"adversarial_y"}
    if row.name != "GAN with reconstruction":
        judged |= {"adversarial_x"}
    ties = {"GAN": set(), "DiscoGAN": {"cycle_x", "cycle_y"}}
    assert pulls == judged | ties.get(row.name, {"cycle_x"})


@pytest.mark.slow
def test_the_toy_from_the_command_to_the_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(disco_toy, "QUICK_STEPS", 2)
    text = reproduce(TABLES["disco_toy"], tmp_path, quick=True, log=quiet)
    assert "| DiscoGAN | 5 · **" in text
    assert (tmp_path / "disco_toy-quick.png").stat().st_size < LARGEST


def test_the_picture_of_the_toy(tmp_path):
    """A panel for each cell, and none for what was not measured."""
    source = disco_toy.SOURCE.centres[:, None] + np.zeros((5, 30, 2))
    for seed in (0, 1):
        (tmp_path / f"GAN-{seed}").mkdir()
        file = tmp_path / f"GAN-{seed}" / "points.npz"
        np.savez(file, source=source, points=2 * source)
    cells = [Cell("GAN", s, {"targets": 5.0}, 1.0, "", "") for s in (0, 1)]
    disco_toy.draw(disco_toy.TABLE, cells, tmp_path, tmp_path / "toy.png")
    with Image.open(tmp_path / "toy.png") as picture:
        assert picture.width == 2 * picture.height
