"""docs/config.md is what the fields say."""

from pathlib import Path

from kgan.cli.reference import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "config.md"


def test_the_page_is_up_to_date():
    """If not: .venv/bin/python -m kgan.cli.reference > docs/config.md."""
    assert PAGE.read_text(encoding="utf-8").splitlines() == list(as_markdown())
