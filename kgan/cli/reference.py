"""Writes the pages of reference: the fields of every variant, and the commands' flags.

python -m kgan.cli.reference
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from kgan.cli import variants
from kgan.cli.flags import PREFIX, typed
from kgan.fields import options

CHECKOUT = Path(__file__).resolve().parents[2]

FIELDS = """\
# The fields of every variant

`bin/train_gan --variant=NAME --config.FIELD=VALUE` sets a field; `--config.flip` and
`--noconfig.flip` set one that is true or false. In Python it is an argument:
`kgan.train("gan", flip=True)`. A field that a variant does not have is refused, and so is one
that has no effect together with the others. `bin/train_gan --variant=NAME --help` prints the
same.

This page is made by `python -m kgan.cli.reference`.
"""
COMMANDS = """\
# The commands

In a checkout the commands are in `bin/`. After `pip install .` they can be called from any
folder without `bin/`.

Every command has `--help`. A flag that is true or false is set with `--fresh` and unset with
`--nofresh`. When something is wrong, a command prints one line, which says what is wrong and
what to do.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | something went wrong on the way, such as a full disk, a damaged file or a run that diverged |
| 2 | the command cannot be carried out as it was given: a wrong flag, value or name |
| 130, 143 | stopped by Ctrl-C or SIGTERM; a run was saved before |

This page is made by `python -m kgan.cli.reference`.
"""


def fields() -> Iterator[str]:
    """Yields the lines of docs/config.md."""
    yield from FIELDS.splitlines()
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
    idle = " or ".join(f"`{other}={typed(value)}`" for other, value in option.idle)
    return f"{option.help} (not with {idle})"


def commands() -> Iterator[str]:
    """Yields the lines of docs/reference/commands.md, from what the commands say."""
    yield from COMMANDS.splitlines()
    files = [one for one in (CHECKOUT / "bin").iterdir() if one.is_file()]
    binaries = sorted(one for one in files if not one.suffix)
    with ThreadPoolExecutor() as pool:
        for binary, told in zip(binaries, pool.map(_help, binaries), strict=True):
            yield from ("", f"## {binary.name}", "", _prose(told.findtext("usage")), "")
            yield "| flag | default | meaning |"
            yield "|---|---|---|"
            for flag in told.iter("flag"):
                name = flag.findtext("name", "")
                if flag.findtext("key") == "yes" and not name.startswith(PREFIX):
                    yield f"| `--{name}` | {_default(flag)} | {_explained(flag)} |"


def _help(binary):
    """The help of a command, as XML."""
    command = [sys.executable, str(binary), "--helpxml"]
    # It exits with 1, as absl does after any help.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return ElementTree.fromstring(done.stdout)


def _prose(text):
    return " ".join(text.split()).replace("|", "\\|")


def _default(flag):
    text = flag.findtext("default") or ""
    return f"`{text.strip(chr(39))}`" if text not in ("", "None") else ""


def _explained(flag):
    text = flag.findtext("meaning")
    choices = [value.text for value in flag.iter("enum_value")]
    if choices:
        named = ", ".join(f"`{one}`" for one in choices)
        text = f"{text.removeprefix(f'<{chr(124).join(choices)}>: ')} One of {named}."
    return _prose(text)


PAGES = {"config.md": fields, "reference/commands.md": commands}

if __name__ == "__main__":
    for place, lines in PAGES.items():
        text = "\n".join(lines()) + "\n"
        (CHECKOUT / "docs" / place).write_text(text, encoding="utf-8")
