"""Links lead somewhere, on GitHub as on the site."""

import re

import pytest

from tests.docs.pages import PAGES, ROOT, of

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s#]*)(#[^)\s]+)?\)")
CODE = re.compile(r"(?ms)^```.*?^```$|`[^`\n]*`")


def anchors(path):
    """The anchors of a page's headings, as GitHub and the site make them."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    for heading in re.findall(r"(?m)^#+ (.*)$", prose):
        kept = re.sub(r"[^\w\s-]", "", heading.lower().replace("`", ""))
        yield "#" + re.sub(r"\s", "-", kept.strip())


@pytest.mark.parametrize("path", PAGES, ids=of)
def test_links_lead_somewhere(path):
    prose = CODE.sub("", path.read_text(encoding="utf-8"))
    lost = []
    for target, anchor in LINK.findall(prose):
        found = (path.parent / target).resolve() if target else path
        if not found.exists() or not found.is_relative_to(ROOT):
            lost.append(target)
        elif anchor and anchor not in anchors(found):
            lost.append(target + anchor)
    assert not lost


def test_there_are_links_to_check():
    assert sum(len(LINK.findall(p.read_text(encoding="utf-8"))) for p in PAGES) > 50
