"""Links lead somewhere, on GitHub as on the site."""

import json
import re

import pytest

from tests.docs.pages import PAGES, ROOT, of

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s#]*)(#[^)\s]+)?\)")
CODE = re.compile(r"(?ms)^```.*?^```$|`[^`\n]*`")


NOTEBOOKS = sorted(ROOT.glob("docs/notebooks/*.ipynb"))


def text(path):
    """The text of a page, or of a notebook's cells of text."""
    found = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return found
    cells = [
        one for one in json.loads(found)["cells"] if one["cell_type"] == "markdown"
    ]
    return "\n\n".join("".join(one["source"]) for one in cells)


def anchors(path):
    """The anchors of a page's headings, as GitHub and the site make them."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", text(path))
    for heading in re.findall(r"(?m)^#+ (.*)$", prose):
        kept = re.sub(r"[^\w\s-]", "", heading.lower().replace("`", ""))
        yield "#" + re.sub(r"\s", "-", kept.strip())


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=of)
def test_links_lead_somewhere(path):
    prose = CODE.sub("", text(path))
    lost = []
    for target, anchor in LINK.findall(prose):
        found = (path.parent / target).resolve() if target else path
        if not found.exists() or not found.is_relative_to(ROOT):
            lost.append(target)
        elif anchor and anchor not in anchors(found):
            lost.append(target + anchor)
    assert not lost


def test_there_are_links_to_check():
    assert sum(len(LINK.findall(text(path))) for path in PAGES) > 50
