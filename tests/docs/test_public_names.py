"""The site documents every public name."""

import re

import pytest

import kgan
from tests.docs.pages import ROOT

REFERENCE = ROOT / "docs" / "reference"
SHOWN = "\n".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))


@pytest.mark.parametrize("name", kgan.__all__)
def test_a_public_name_has_its_place(name):
    listed = (REFERENCE / "python.md").read_text(encoding="utf-8").split("::: ")[0]
    assert f"`{name}`" in listed
    if name != "configs":  # the page of fields, which is generated, shows them
        assert re.search(rf"(?m)^::: kgan\.{name}\b", SHOWN)
