"""The one table of thresholds, and its copy for readers."""

from pathlib import Path

from kgan.health.thresholds import THRESHOLDS, as_markdown

DOCS = Path(__file__).parents[2] / "docs" / "health.md"


def test_the_docs_have_the_table():
    """If not: .venv/bin/python -m kgan.health.thresholds, into docs/health.md."""
    text = DOCS.read_text(encoding="utf-8")
    first, last = "<!-- thresholds -->\n", "<!-- end of thresholds -->"
    assert text.split(first)[1].split(last)[0].splitlines() == list(as_markdown())


def test_each_has_its_experiment():
    assert all(one.meaning and one.experiment for one in THRESHOLDS.values())
