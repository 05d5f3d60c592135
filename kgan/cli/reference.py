"""Writes docs/config.md, the fields of every variant, from the fields themselves.

python -m kgan.cli.reference > docs/config.md
"""

from collections.abc import Iterator

from kgan.cli import variants
from kgan.cli.flags import typed
from kgan.fields import options

INTRODUCTION = """\
# The fields of every variant

`bin/train_gan --variant=NAME --config.FIELD=VALUE` sets a field; `--config.flip` and
`--noconfig.flip` set one that is true or false. A field that a variant does not have is
refused, and so is one that has no effect with the others. `bin/train_gan
--variant=NAME --help` prints the same.

This page is made by `python -m kgan.cli.reference`.
"""


def as_markdown() -> Iterator[str]:
    """Yields the lines of the page."""
    yield from INTRODUCTION.splitlines()
    for name in variants.names():
        module = variants.find(name)
        yield from ("", f"## {name}", "", (module.__doc__ or "").splitlines()[0], "")
        yield "| field | default | range or choices | meaning |"
        yield "|---|---|---|---|"
        for one in options(module.Config).values():
            cells = (
                f"`{one.name}`",
                f"`{typed(one.default)}`",
                one.allowed,
                _meaning(one),
            )
            yield f"| {' | '.join(cells)} |"


def _meaning(option):
    if not option.idle_with:
        return option.help
    other, idle = option.idle_with
    return f"{option.help} (not with `{other}={typed(idle)}`)"


if __name__ == "__main__":
    print("\n".join(as_markdown()))
