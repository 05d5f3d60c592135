"""The field's words in names, and plain first lines of docstrings.

The words and the reasons for them stand in the architecture page: a name should be the
one that a person who knows GANs would search for.
"""

import ast
import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Private word -> the field's. Words of a name are what underscores and capitals part.
WORDS = {
    "tally": "running means",
    "tallies": "running means",
    "lasting": "resumable",
    "ask": "domain source",
    "asks": "score",
    "ready": "prepared",
    "settled": "resolved",
    "settles": "resolved",
    "showcase": "preview",
    "exhibit": "preview",
    "evidence": "discriminator inputs",
    "slow": "scaled learning rate",
    "slowed": "scaled learning rate",
    "lowerable": "scaled learning rate",
    "plane": "points",
    "hot": "one_hot",
    "average": "ema",
    "averages": "ema",
    "judge": "discriminator, classifier or diagnose",
    "judges": "discriminators",
    "facts": "environment",
}
# Whole names.
NAMES = {
    "AT_ONCE": "what it counts",
    "say": "log",
    "History": "ImagePool",
    "Keep": "checkpoint callback",
    "Board": "TensorBoard writer",
    "Rows": "CSV log",
    "Every": "checkpoint interval",
}
FIELDS_OWN = {"one_hot"}  # the field's own words that hold one of ours
OF_KERAS = {"get_config", "from_config"}  # methods that Keras documents

FILES = [path for part in ("kgan", "configs") for path in (ROOT / part).rglob("*.py")]
FILES.sort()
PAGES = sorted((ROOT / "docs").glob("*.md"))


def of(path):
    return path.relative_to(ROOT).as_posix()


@functools.cache
def trees():
    """path -> its syntax tree, for every file."""
    return {path: ast.parse(path.read_text()) for path in FILES}


def identifiers(tree):
    """The names that a module gives: (name, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
        if isinstance(node, ast.arg):
            yield node.arg, node.lineno


def words(name):
    """What a name is made of: "of_EachPlayer" -> of, each, player."""
    return re.findall(
        r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    )


def private(name):
    """The field's word for a name of our own, or None."""
    if any(own in name for own in FIELDS_OWN):
        return None
    if name in NAMES:
        return NAMES[name]
    return next((WORDS[word] for word in words(name) if word in WORDS), None)


def test_names_are_the_fields():
    odd = {
        f"{of(path)}, line {line}: {name}": private(name)
        for path, tree in trees().items()
        for name, line in identifiers(tree)
    }
    assert odd and not {name: better for name, better in odd.items() if better}


def test_nothing_is_beside():
    """Next to, together with, in addition to, apart from: it has meant all of them."""
    # What is written from the library's own text is looked at there.
    written = "<!-- thresholds -->.*<!-- end of thresholds -->"
    assert FILES and PAGES
    assert not [
        f"{of(path)}: {line}"
        for path in (*FILES, *PAGES)
        for line in re.sub(written, "", path.read_text(), flags=re.DOTALL).splitlines()
        if re.search(r"\bbesides?\b", line, re.IGNORECASE)
    ]


def documented(tree):
    """A module, and its public classes, functions and methods.

    A method of a class with a base may be documented by the base.
    """
    yield tree
    inner = [
        method
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name[0] != "_" and not node.bases
        for method in node.body
    ]
    for node in [*tree.body, *inner]:
        is_one = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if is_one and node.name[0] != "_" and node.name not in OF_KERAS:
            yield node


def test_first_lines_of_docstrings_are_sentences():
    assert not [
        f"{of(path)}, {fault}"
        for path, tree in trees().items()
        for fault in faults(tree, path.stat().st_size)
    ]


def faults(tree, size):
    """What is wrong with the first lines of a module's docstrings."""
    for node in documented(tree):
        name = getattr(node, "name", "module")
        docstring = ast.get_docstring(node)
        if docstring is None:
            yield from [f"{name}: no docstring"] * (size > 0)
            continue
        first = docstring.split("\n\n")[0].replace("\n", " ").strip()
        if not re.fullmatch(r"[A-Z0-9`].*[.:?]", first):
            yield f"{name}: {first}"
