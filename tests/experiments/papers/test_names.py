"""The table of names: n-grams by hand, and rows that need no training."""

import math

import pytest

from kgan.experiments.papers import names
from kgan.metrics import NGrams, line_report
from kgan.metrics.ngrams import grams


def test_ngrams_by_hand():
    assert grams("ab", 2) == ["\x02a", "ab", "b\x03"]
    model = NGrams(["ab", "ab", "b"], 2)
    assert set(model.draw(50, seed=0)) == {"ab", "b"}
    assert model.draw(5, seed=1) == model.draw(5, seed=1)
    # Of 3 symbols: a first 2 of 3, b after a 2 of 2, the end after b 3 of 3; each plus 1.
    by_hand = -(math.log(3 / 6) + math.log(3 / 5) + math.log(4 / 6)) / 3
    assert model.nats(["ab"]) == pytest.approx(by_hand)


def test_a_report_by_hand():
    report = line_report(["anna", "anna", "bo", "xy"], ["anna", "bo"])
    # 4-grams with 3 marks before and one after: 5 of anna, twice, 3 of bo, none of xy.
    assert report["known"] == pytest.approx(13 / 16)
    assert report["new"] == 0.25 and report["distinct"] == 0.75
    assert report["length"] == 3.0


def test_rows_without_training(tmp_path, monkeypatch):
    folder = tmp_path / "names"
    folder.mkdir()
    ends = [a + b for a in "abdeiklmno" for b in "aeio"]
    # Each name twice: none that is held out is learned as well.
    (folder / "names.txt").write_text("\n".join(f"an{end}" for end in ends * 2))
    monkeypatch.setenv("KGAN_IMAGES_DIR", str(tmp_path))
    names.lines.cache_clear()
    rows = {row.name: row for row in names.TABLE.rows}
    found = {
        name: names.measure(rows[name], 0, True, tmp_path / name, print)
        for name in ("held-out names", "3-gram sampler")
    }
    names.lines.cache_clear()
    assert found["held-out names"]["not in training"] == 1.0
    assert found["held-out names"]["distinct"] == 1.0
    assert found["3-gram sampler"]["nats"] > 0
    drawn = (tmp_path / "3-gram sampler" / "names.txt").read_text().splitlines()
    assert len(drawn) == names.SHOWN
    for target in names.TABLE.targets:
        assert target.row in rows and target.column in names.TABLE.columns
