"""The runner of tables: cells once, statistics, budget, damage."""

import json

import pytest

from kgan.errors import UserError
from kgan.reproductions import Row, Table, markdown, report, summary
from kgan.reproductions.table import reproduce


@pytest.fixture
def counted():
    """A table of two rows, and the list of cells that were measured."""
    calls = []

    def measure(row, seed, quick, folder, say):
        calls.append((row.name, seed, quick))
        values = {"a": row.options["start"] + seed}
        return values | ({"b": 0.5} if row.name == "one" else {})

    table = Table(
        name="test",
        title="A title",
        columns={"a": "{:.1f}".format, "b": "{:.0%}".format},
        rows=(
            Row("one", {"a": "10 ± 1"}, {"start": 1.0}),
            Row("other / row", {}, {"start": 4.0}),
        ),
        measure=measure,
        departures=("Half the steps.",),
        quick=("A tenth of them.",),
        seeds=3,
        statistics=("mean", "best", "median"),
    )
    return table, calls


def quiet(line):
    pass


def test_every_row_comes_once_before_any_comes_twice(counted, tmp_path):
    table, calls = counted
    reproduce(table, tmp_path, say=quiet)
    seeds = [
        (name, seed, False) for seed in range(3) for name in ("one", "other / row")
    ]
    assert calls == seeds


def test_what_is_there_is_not_measured_again(counted, tmp_path):
    """An interruption costs the cell that was being measured, and no other."""
    table, calls = counted
    cells = reproduce(table, tmp_path, say=quiet)
    (tmp_path / "test" / "cells" / "one-1.json").unlink()
    calls.clear()
    assert len(reproduce(table, tmp_path, say=quiet)) == len(cells) == 6
    assert calls == [("one", 1, False)]


def test_quick_is_one_seed_of_its_own(counted, tmp_path):
    table, calls = counted
    reproduce(table, tmp_path, say=quiet)
    calls.clear()
    assert len(reproduce(table, tmp_path, quick=True, say=quiet)) == 2
    assert calls == [("one", 0, True), ("other / row", 0, True)]


def test_budget(counted, tmp_path):
    table, calls = counted
    said = []
    cells = reproduce(table, tmp_path, budget_minutes=1e-9, say=said.append)
    assert cells == calls == [] and "the rest waits" in said[0]
    reproduce(table, tmp_path, say=quiet)
    full = reproduce(table, tmp_path, budget_minutes=1e-9, say=pytest.fail)
    assert len(full) == 6, "what is there costs nothing"


def test_summary_by_hand(counted, tmp_path):
    table, _ = counted
    one, other = summary(table, reproduce(table, tmp_path, say=quiet))
    # 1, 2, 3: the standard deviation is 1.
    expected = {"mean": 2.0, "best": 3.0, "median": 2.0}
    expected["standard_error"] = pytest.approx(3**-0.5)
    assert one["measured"]["a"] == expected and one["seeds"] == 3
    assert set(other["measured"]) == {"a"}


def test_report_is_written_and_said(counted, tmp_path):
    table, _ = counted
    text = report(table, tmp_path, say=quiet)
    assert (tmp_path / "test.md").read_text() == text
    plain = json.loads((tmp_path / "test.json").read_text())
    assert markdown(table, plain["rows"], plain["quick"]) == text, "from the JSON alone"
    assert "10 ± 1<br>**2.0 ± 0.6, median 2.0, best 3.0**" in text
    assert "- Half the steps." in text and "A tenth" not in text
    assert "A tenth" in report(table, tmp_path, quick=True, say=quiet)
    assert plain["machine"] and plain["cells"][0]["version"]


def test_one_seed_has_no_error(counted, tmp_path):
    table, _ = counted
    row = summary(table, reproduce(table, tmp_path, quick=True, say=quiet))[0]
    assert row["measured"]["a"]["standard_error"] is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"row": 1}'])
def test_a_damaged_cell_is_named(counted, tmp_path, text):
    table, _ = counted
    reproduce(table, tmp_path, say=quiet)
    path = tmp_path / "test" / "cells" / "one-0.json"
    path.write_text(text)
    with pytest.raises(UserError, match="one-0.json: damaged .* remove it"):
        reproduce(table, tmp_path, say=quiet)
