"""Builds the parts of the site that are not written by hand, see mkdocs.yml.

- Pages of the repository outside docs/, such as README.md, become pages of the site.
- Links between files of the repository become links between pages of the site.
- The notebooks, the papers' tables and those pages find their places in the navigation.
- docs/house.md gets the map of files.
- Examples in docstrings are shown as code, and formulas of notebooks as formulas.
"""

import ast
import html
import posixpath
import re
import textwrap
from pathlib import Path

import griffe
from latex2mathml import converter
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# Page of the repository -> page of the site.
OUTSIDE = {
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
}
SECTIONS = {"Tutorials": "notebooks/*.ipynb", "Papers": "reproductions/*.md"}
# A block of code, code in a line, or the target of a link within the repository.
LINK = re.compile(r"(?ms)^```.*?^```$|`[^`\n]*`|(?<=\]\()(?![a-z]+:|#)([^)\s#]+)")
FORMULA = re.compile(r"(?<=>)\$\$([^$<]+)\$\$(?=<)")  # in a notebook
MAP = "<!-- files -->"
EXAMPLE = re.compile(r"(?m)^Example:\n((?:(?: {4}.*)?\n?)+)")


def on_config(config):
    """Adds the notebooks and the tables to the navigation."""
    for section in config.nav:
        (name,) = section
        if name in SECTIONS:
            found = sorted(DOCS.glob(SECTIONS[name]))
            section[name] += [path.relative_to(DOCS).as_posix() for path in found]
    named = str(config.nav)
    there = [site for source, site in OUTSIDE.items() if (ROOT / source).exists()]
    config.nav[-1]["Architecture"] += [site for site in there if site not in named]
    config.nav = [section for section in config.nav if all(section.values())]
    return config


def on_files(files, config):
    """Adds the pages of the repository that lie outside docs/."""
    for source, place in OUTSIDE.items():
        path = ROOT / source
        if path.exists():
            files.append(File.generated(config, place, content=path.read_text("utf-8")))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turns links between files of the repository into links between pages."""
    place = page.file.src_uri
    if place == "index.md":
        page.meta["hide"] = ["navigation"]
    if place == "house.md":
        markdown = markdown.replace(MAP, "\n".join(map_of_files()))
    origins = {site: source for source, site in OUTSIDE.items()}
    folder = posixpath.dirname(origins.get(place, f"docs/{place}"))

    def moved(link):
        if not link[1]:
            return link[0]
        target = posixpath.normpath(posixpath.join(folder, link[1]))
        target = OUTSIDE.get(target, target.removeprefix("docs/"))
        return posixpath.relpath(target, posixpath.dirname(place) or ".")

    return LINK.sub(moved, markdown)


def on_page_content(content, page, config, files):
    """Draws the formulas of a notebook as MathML, which browsers show without a script."""

    def drawn(found):
        return converter.convert(html.unescape(found[1]), display="block")

    if page.file.src_uri.endswith(".ipynb"):
        return FORMULA.sub(drawn, content)
    return content


def map_of_files():
    """Yields a table for each folder of kgan: its files, and what each says of itself."""
    folders = {
        path.parent for path in [*ROOT.glob("kgan/**/*.py"), *ROOT.glob("configs/*.py")]
    }
    for folder in sorted(folders):
        yield from ("", f"### {folder.relative_to(ROOT).as_posix()}/", "")
        yield from ("| file | what it is |", "|---|---|")
        for path in sorted(folder.glob("*.py")):
            told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            first = " ".join(told.split("\n\n")[0].split()).replace("|", "\\|")
            yield f"| `{path.name}` | {first} |"


class Examples(griffe.Extension):
    """Shows the code below "Example:" in a docstring as code."""

    def on_object(self, *, obj, **kwargs):
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(_fenced, obj.docstring.value)


def _fenced(found):
    code = textwrap.indent(textwrap.dedent(found[1]).strip(), "    ")
    return f"Example:\n    ```python\n{code}\n    ```\n\n"
