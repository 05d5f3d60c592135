"""The pages of reference are what the fields and the commands say."""

from pathlib import Path

import pytest

from kgan.cli.reference import PAGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("place", PAGES)
def test_the_page_is_up_to_date(place):
    """If not: .venv/bin/python -m kgan.cli.reference."""
    written = (DOCS / place).read_text(encoding="utf-8").splitlines()
    assert written == list(PAGES[place]())


def test_every_command_and_flag_is_there():
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    files = [one for one in (DOCS.parent / "bin").iterdir() if one.is_file()]
    binaries = [one for one in files if not one.suffix]
    assert len(binaries) == 17
    for binary in binaries:
        assert f"\n## {binary.name}\n" in text
    assert "| `--keep_checkpoints` | `2` | How many checkpoints stay. |" in text
    assert "One of `warn`, `stop`, `rollback`. |" in text
    assert "--config." not in text, "those are on the page of fields"
