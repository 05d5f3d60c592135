"""The table of frames: its scores of the truth and of its baselines."""

import numpy as np
import pytest

from kgan.experiments.papers import frames


def test_the_truth_has_the_best_scores():
    pixels, centres = (one[:40] for one in frames.truth())
    future, after = pixels[:, frames.SEEN :], centres[:, frames.SEEN :]
    found = frames.scores(future, future, after)
    assert found.keys() == frames.COLUMNS.keys()
    assert found["PSNR, t+1"] == found["sharpness, t+5"] == np.inf
    assert found["SSIM, t+5"] == pytest.approx(1.0)
    assert found["place, t+10"] == 0.0 and found["edges, t+5"] == 1.0


def test_baselines(tmp_path):
    """A black frame has no places; a copy is good at once, and bad later."""
    rows = {row.name: row for row in frames.TABLE.rows}
    found = {
        name: frames.measure_row(rows[name], 0, True, tmp_path / name, print)
        for name in (frames.COPY, frames.BLACK)
    }
    copied, black = found[frames.COPY], found[frames.BLACK]
    assert copied["PSNR, t+1"] > black["PSNR, t+1"]
    assert copied["PSNR, t+10"] < black["PSNR, t+10"]
    assert copied["place, t+1"] < 2.5 < copied["place, t+5"] < black["place, t+5"] == 16
    assert black["edges, t+5"] == 0.0
    frames.draw(frames.TABLE, [], tmp_path, tmp_path / "frames.png")


def test_the_centres_are_those_of_the_light():
    pixels, centres = (one[:40] for one in frames.truth())
    grid = np.stack(np.mgrid[:32, :32], -1)
    light = pixels[:, 0, ..., 0].astype(float)
    middle = np.einsum("nyx,yxp->np", light, grid) / light.sum((1, 2))[:, None]
    # The light of a digit does not lie quite in the middle of its square.
    assert np.abs(middle - centres[:, 0].mean(1)).max() < 4.0
