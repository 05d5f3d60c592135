"""Whole runs on images that are no squares: trained, shown, exported, measured."""

import numpy as np
import pytest
from PIL import Image

import kgan
from kgan import evaluation
from kgan.applications import translation
from kgan.data import DomainSource

SIZE = (16, 32)


def quiet(_):
    """Takes a line and drops it."""


TINY = {"width": 2, "batch_size": 10, "epochs": 1, "image_size": SIZE, "log": quiet}


@pytest.fixture
def wide(tmp_path):
    """40 pictures of 32x64, in height and width, and twice as many, side by side."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 32, 128, 3), np.uint8)
    for name, width in (("wide", 64), ("pairs", 128)):
        (tmp_path / name).mkdir()
        for i, pixels in enumerate(noise[:, :, :width]):
            Image.fromarray(pixels).save(tmp_path / name / f"{i:02d}.png")
    return tmp_path


def test_from_noise(wide):
    data, workdir = wide / "wide", wide / "run"
    run = kgan.train("dcgan", data, workdir, **TINY)
    made = run.generate(3, seed=0)
    assert made.shape == (3, *SIZE, 3)
    assert run.record.config["image_size"] == "16x32"
    with Image.open(run.picture) as grid:  # 8 of 8, not enlarged, with gaps of 2
        assert grid.size == (8 * (32 + 2) + 2, 8 * (16 + 2) + 2)
    np.testing.assert_array_equal(kgan.load(workdir).generate(3, seed=0), made)
    exported = kgan.load(workdir / "generator")
    np.testing.assert_array_equal(exported.generate(3, seed=0), made)
    # The same run, however its size is written.
    again = kgan.train("dcgan", data, workdir, **TINY | {"image_size": "16x32"})
    np.testing.assert_array_equal(again.generate(3, seed=0), made)
    with pytest.raises(kgan.UserError, match="image_size: 16x32 -> 32x16"):
        kgan.train("dcgan", data, workdir, **TINY | {"image_size": (32, 16)})

    source = evaluation.GameSource(run.game)
    reference = evaluation.reference(str(data), source.shape, log=quiet, fit="pad")
    scores, _, _ = evaluation.measure(source, reference, n=20)
    assert all(score.stamp["shape"] == [*SIZE, 3] for score in scores)
    assert {score.stamp["fit"] for score in scores} == {"pad"}
    assert np.isfinite([s.value for s in scores if s.name == "FID-pixels"]).all()


def test_translation(wide):
    where, workdir = DomainSource(str(wide / "pairs")), wide / "run"
    run = kgan.train("pix2pix", where, workdir, **TINY | {"fit": "stretch"})
    with Image.open(run.picture) as grid:  # rows of 3, enlarged to 96 pixels
        assert grid.size == (3 * (96 + 2) + 2, 4 * (48 + 2) + 2)
    picture = np.random.default_rng(1).integers(0, 256, (20, 33, 3), np.uint8)
    stretch = run.record.config["fit"]
    way = translation.way_of_game(run.game, False, "run", stretch)
    exported = translation.way_of_export(workdir / "generator", False, stretch)
    assert way.size == exported.size == SIZE
    for tiles in (False, True):
        made = translation.translate(way, picture, tiles)
        assert made.shape == picture.shape
        np.testing.assert_array_equal(
            translation.translate(exported, picture, tiles), made
        )
