"""The table of the published oracle, with the tiny oracle in its place."""

import math

import numpy as np
import pytest

from kgan.data.sources import oracle
from kgan.experiments.papers import reproduce, seqgan_oracle
from kgan.experiments.papers.runner import cells_of
from tests.oracle_weights import saved


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the weights of the tiny oracle, as those of SeqGAN's are published."""
    place = tmp_path / "seqgan_oracle"
    place.mkdir()
    for name, array in saved(oracle.tiny()).items():
        np.save(place / f"{name}.npy", array)
    monkeypatch.setenv("KGAN_IMAGES_DIR", str(tmp_path))
    for cached in (seqgan_oracle.oracle, seqgan_oracle.lines):
        cached.cache_clear()
    yield tmp_path
    for cached in (seqgan_oracle.oracle, seqgan_oracle.lines):
        cached.cache_clear()


@pytest.mark.slow  # it trains four games
def test_every_row_is_measured(folder):
    page = reproduce(
        seqgan_oracle.TABLE, folder / "out", quick=True, log=lambda line: None
    )
    assert "seqgan_oracle-quick.png" in page
    path = folder / "out" / "seqgan_oracle-quick.json"
    rows = {cell.row: cell.values for cell in cells_of(path)}
    assert set(rows) == {row.name for row in seqgan_oracle.TABLE.rows}
    own, even = rows[seqgan_oracle.PUBLISHED], rows[seqgan_oracle.EVERY]
    assert own["NLL_oracle"] == own["NLL_test"] < math.log(8) < even["NLL_oracle"]
    assert even["NLL_test"] == pytest.approx(math.log(8))
    for name in (
        seqgan_oracle.MLE,
        seqgan_oracle.BEGINS,
        seqgan_oracle.GUMBEL,
        seqgan_oracle.SCORE,
    ):
        assert 1.0 < rows[name]["NLL_test"] < 4.0


def test_a_game_is_scored_by_its_own_lines(folder):
    """A game that is the oracle has the oracle's entropy, and the temperature counts."""

    class Itself:
        def generate(self, n, seed, temperature):
            return seqgan_oracle.oracle().draw(n, seqgan_oracle.LENGTH, seed)

        def log_likelihood(self, some, temperature):
            return seqgan_oracle.oracle().log_likelihood(some) / temperature

    held = seqgan_oracle.oracle().draw(600, seqgan_oracle.LENGTH, 9)
    found = seqgan_oracle.scores(Itself(), held, 1.0, 0)
    assert found["NLL_oracle"] == pytest.approx(found["NLL_test"], rel=0.03)
    cold = seqgan_oracle.scores(Itself(), held, 0.5, 0)
    assert cold["NLL_test"] == pytest.approx(2 * found["NLL_test"])


def test_seqgans_quality_is_found_between_two_temperatures():
    sweep = {
        t: {"NLL_oracle": quality, "NLL_test": test}
        for t, quality, test in (
            (0.5, 7.736, 11.0),
            (1.0, 9.736, 9.0),
            (1.4, 10.0, 9.5),
        )
    }
    found = seqgan_oracle.at_seqgan(sweep)
    assert found == {
        "NLL_test there": pytest.approx(10.0),
        "temperature there": pytest.approx(0.75),
    }
    del sweep[0.5]
    assert math.isnan(seqgan_oracle.at_seqgan(sweep)["temperature there"])
