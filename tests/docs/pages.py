"""The pages of the repository, and the blocks of code in them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "benchmarks" / "README.md",
    ]
)


def of(path):
    """The place of a page in the repository, which names its tests."""
    return path.relative_to(ROOT).as_posix()


def blocks(path, language):
    """The fenced blocks of a page in a language, in order."""
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"(?m)^```{language}\n(.*?)^```$", text, re.DOTALL)


def variant():
    """The variant in a file that the how-to shows."""
    found = blocks(ROOT / "docs" / "howto" / "own_variant.md", "python")
    return next(block for block in found if "class Config" in block)
