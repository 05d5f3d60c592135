"""The runner of tables: cells once, statistics, budget, damage."""

import dataclasses
import json

import pytest

from kgan.errors import UserError
from kgan.experiments.papers import (
    Row,
    Table,
    Target,
    embed,
    page,
    reproduce,
    rewrite,
    summary,
)
from kgan.experiments.papers.runner import cells_of


@pytest.fixture
def counted():
    """A table of two rows, and the list of cells that were measured."""
    calls = []

    def measure(row, seed, quick, folder, log):
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


def cells(folder, name="test"):
    return cells_of(folder / f"{name}.json")


def test_every_row_comes_once_before_any_comes_twice(counted, tmp_path):
    table, calls = counted
    reproduce(table, tmp_path, log=quiet)
    names = ("one", "other / row")
    assert calls == [(name, seed, False) for seed in range(3) for name in names]


def test_what_is_there_is_not_measured_again(counted, tmp_path):
    table, calls = counted
    text = reproduce(table, tmp_path, log=quiet)
    calls.clear()
    assert reproduce(table, tmp_path, log=quiet) == text and not calls


def test_an_interruption_costs_the_cell_that_was_being_measured(counted, tmp_path):
    table, calls = counted
    whole = reproduce(table, tmp_path / "whole", log=quiet)
    calls.clear()

    def interrupted(row, seed, *rest):
        if (row.name, seed) == ("one", 1):
            raise KeyboardInterrupt
        return table.measure(row, seed, *rest)

    with pytest.raises(KeyboardInterrupt):
        broken = dataclasses.replace(table, measure=interrupted)
        reproduce(broken, tmp_path / "parts", log=quiet)
    assert len(cells(tmp_path / "parts")) == len(calls) == 2
    text = reproduce(table, tmp_path / "parts", log=quiet)
    assert len(calls) == 6 == len(set(calls)) and text == whole


def test_quick_is_one_seed_of_its_own(counted, tmp_path):
    table, calls = counted
    reproduce(table, tmp_path, log=quiet)
    calls.clear()
    reproduce(table, tmp_path, quick=True, log=quiet)
    assert calls == [("one", 0, True), ("other / row", 0, True)]
    assert len(cells(tmp_path)) == 6 and len(cells(tmp_path, "test-quick")) == 2


def test_budget(counted, tmp_path):
    table, calls = counted
    said = []
    reproduce(table, tmp_path, budget_minutes=1e-9, log=said.append)
    assert calls == [] and "the rest waits" in said[0] and not list(tmp_path.iterdir())
    reproduce(table, tmp_path, log=quiet)
    reproduce(table, tmp_path, budget_minutes=1e-9, log=pytest.fail)


def test_statistics_by_hand(counted, tmp_path):
    table, _ = counted
    reproduce(table, tmp_path, log=quiet)
    one, other = summary(table, cells(tmp_path))
    # 1, 2, 3: the standard deviation is 1, the standard error 0.58.
    assert one["measured"]["a"] == "2.0 ± 0.6, best 3.0, median 2.0"
    assert one["measured"]["b"] == "50% ± 0%, best 50%, median 50%"
    assert one["seeds"] == 3 and set(other["measured"]) == {"a"}
    lower = dataclasses.replace(table, lower=("a",), statistics=("best",))
    assert summary(lower, cells(tmp_path))[0]["measured"]["a"] == "best 1.0"


def test_ranks(counted, tmp_path):
    table, _ = counted
    reproduce(table, tmp_path, quick=True, log=quiet)
    for lower, ranks in (((), ["2", "1"]), (("a",), ["1", "2"])):
        ranked = dataclasses.replace(table, ranked=True, lower=lower)
        rows = summary(ranked, cells(tmp_path, "test-quick"))
        assert [row["measured"]["a"][-1] for row in rows] == ranks
        assert rows[0]["measured"]["b"].endswith(", rank 1"), "the only one"


def test_one_seed_has_no_error(counted, tmp_path):
    table, _ = counted
    reproduce(table, tmp_path, quick=True, log=quiet)
    row = summary(table, cells(tmp_path, "test-quick"))[0]
    assert row["measured"]["a"] == "1.0, best 1.0, median 1.0"


def test_what_is_no_number_is_left_out(counted, tmp_path):
    table, _ = counted
    odd = dataclasses.replace(table, measure=lambda *a: {"a": float("nan"), "b": 1})
    reproduce(odd, tmp_path, log=quiet)
    assert cells(tmp_path)[0].values == {"b": 1.0}


def test_the_text_comes_from_the_json_alone(counted, tmp_path):
    table, _ = counted
    text = reproduce(table, tmp_path, log=quiet)
    assert (tmp_path / "test.md").read_text() == text
    plain = json.loads((tmp_path / "test.json").read_text())
    assert page(plain) == text
    assert "| one | 10 ± 1 · **2.0 ± 0.6, best 3.0, median 2.0** |" in text
    assert "| – · **–** |" in text, "neither reported nor measured"
    assert "- Half the steps." in text and "A tenth" not in text and "Machine: " in text
    assert "A tenth" in reproduce(table, tmp_path, quick=True, log=quiet)


def test_what_was_aimed_at_is_told_of_what_is_there_already(counted, tmp_path):
    table, calls = counted
    reproduce(table, tmp_path, log=quiet)
    aimed = dataclasses.replace(table, targets=(Target("one", "a", ">=", 2.5),))
    before = len(calls)
    text = reproduce(aimed, tmp_path, log=quiet)
    assert "## Goals\n\n- one, a >= 2.5: 2.0, **missed**.\n" in text
    assert page(json.loads((tmp_path / "test.json").read_text())) == text
    assert len(calls) == before
    assert "Goals" not in reproduce(aimed, tmp_path, quick=True, log=quiet)


def test_a_row_that_waits_is_told(counted, tmp_path):
    table, _ = counted
    reproduce(table, tmp_path, log=quiet)
    path = tmp_path / "test.json"
    plain = json.loads(path.read_text())
    plain["cells"] = [cell for cell in plain["cells"] if cell["row"] == "one"]
    path.write_text(json.dumps(plain))
    rewrite(table, tmp_path)
    rows = (tmp_path / "test.md").read_text().splitlines()
    (row,) = [row for row in rows if row.startswith("| other / row |")]
    assert row.endswith("| – · **–** | – · **–** | 0 | not yet |"), row


def test_pages_are_written_anew_without_measuring(counted, tmp_path):
    table, calls = counted
    text = reproduce(table, tmp_path, log=quiet)
    calls.clear()
    (tmp_path / "test.png").touch()
    rewrite(dataclasses.replace(table, title="Another"), tmp_path)
    new = (tmp_path / "test.md").read_text()
    assert new.startswith("# Another\n") and "![Another](test.png)" in new
    assert new.split("## What differs")[1] == text.split("## What differs")[1]
    rewrite(dataclasses.replace(table, name="absent"), tmp_path)
    assert not calls and not list(tmp_path.glob("absent*"))


def test_the_overview_has_a_line_for_each_table(counted, tmp_path):
    table, _ = counted
    aims = Target("other / row", "a", ">=", 4.5), Target("one", "a", ">=", 2.5)
    reproduce(dataclasses.replace(table, targets=aims), tmp_path, log=quiet)
    shown = dataclasses.replace(table, name="shown", headline=("one", "b"))
    reproduce(shown, tmp_path, log=quiet)
    reproduce(dataclasses.replace(table, name="hidden"), tmp_path, log=quiet)
    readme = tmp_path / "text" / "README.md"
    readme.parent.mkdir()
    readme.write_text(
        "before\n<!-- reproductions -->old<!-- end of reproductions -->\nafter"
    )
    new = embed(readme, tmp_path)
    assert new.startswith("before\n") and new.endswith("\nafter") and "old" not in new
    lines = new.split("| --- | --- | --- | --- | --- |\n")[1].splitlines()[:2]
    b, a = "50% ± 0%, best 50%, median 50%", "5.0 ± 0.6, best 6.0, median 5.0"
    assert lines == [
        f"| [A title](../shown.md) | one: b | – | {b} | – |",
        f"| [A title](../test.md) | other / row: a | – | {a} | 1 of 2 |",
    ]
    assert "hidden" not in new
    path = tmp_path / "shown.json"
    plain = json.loads(path.read_text())
    for paper, told in (("3 %", "3 %"), ("3 % (of others)", "–")):
        plain["rows"][0]["paper"]["b"] = paper
        path.write_text(json.dumps(plain))
        assert f"| one: b | {told} |" in embed(readme, tmp_path)
    plain["rows"][0]["measured"] = {}
    path.write_text(json.dumps(plain))
    assert "shown.md" not in embed(readme, tmp_path), "it is not measured yet"
    readme.write_text("nothing")
    with pytest.raises(UserError, match="README.md: has no <!-- reproductions -->"):
        embed(readme, tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": [{"row": 1}]}'])
def test_a_damaged_file_is_named(counted, tmp_path, text):
    table, _ = counted
    path = tmp_path / "test.json"
    path.write_text(text)
    with pytest.raises(UserError, match="test.json: damaged .* move it away"):
        reproduce(table, tmp_path, log=quiet)
    assert path.read_text() == text
