"""README.md is short, and what it shows is what the sources say."""

import json
import re

from benchmarks import report
from kgan.experiments.papers import embed, page
from tests.docs.pages import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPERS = ROOT / "docs" / "reproductions"


def test_it_is_short():
    assert len(README.splitlines()) <= 200


def test_the_two_commands_stand_where_they_are_looked_for():
    for marker in ("train", "test"):
        block = re.search(rf"<!-- {marker} -->\n```sh\n(.*?)```", README, re.DOTALL)
        assert block[1].startswith("python3 -m venv .venv && ")


def test_the_papers_come_from_their_json():
    """If not: bin/reproduce_paper --readme=README.md,docs/papers.md --out=docs/reproductions."""
    found = sorted(PAPERS.glob("*.json"))
    assert found
    for path in found:
        picture = path.with_suffix(".png")
        plain = json.loads(path.read_text(encoding="utf-8"))
        text = page(plain, picture.name if picture.exists() else "")
        assert path.with_suffix(".md").read_text(encoding="utf-8") == text, path.name
    for text in (ROOT / "README.md", ROOT / "docs" / "papers.md"):
        assert embed(text, PAPERS) == text.read_text(encoding="utf-8")


def test_the_speeds_are_those_that_were_measured():
    kept = json.loads((ROOT / "docs" / "benchmarks.json").read_text(encoding="utf-8"))
    table = report.markdown(kept)
    speed = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert table in speed
    rows = {line.split(" | ")[0]: line.split(" | ") for line in table.splitlines()}
    shown = README.split("## Speed")[1].split("## ")[0].splitlines()
    shown = [line.split(" | ") for line in shown if line.startswith("| ")][1:]
    assert len(shown) == 5
    for case, ours, other, ratio in shown:
        measured = rows[case]
        assert (ours, other) == (measured[1], measured[2])
        assert ratio.rstrip(" |") == re.match(r"\*\*([\d.]+)", measured[3])[1]
