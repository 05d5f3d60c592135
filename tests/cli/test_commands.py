"""The commands: in bin/ of a checkout, and as console entry points once installed."""

import configparser
import importlib
from pathlib import Path

import pytest
from absl import flags

CHECKOUT = Path(__file__).resolve().parents[2]


def entry_points():
    """name -> "module:function", as setup.cfg has them."""
    setup = configparser.ConfigParser()
    setup.read(CHECKOUT / "setup.cfg")
    lines = setup["options.entry_points"]["console_scripts"].split("\n")
    return dict(line.split(" = ") for line in lines if line)


FILES = [path for path in (CHECKOUT / "bin").iterdir() if path.is_file()]
COMMANDS = sorted(path.name for path in FILES if not path.suffix)


def test_what_is_in_bin_is_installed():
    assert list(entry_points()) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_file_in_bin_runs_what_is_installed(name):
    module, function = entry_points()[name].split(":")
    assert f'checkout.run("{name}")' in (CHECKOUT / "bin" / name).read_text()
    assert module == f"kgan.cli.{name}" and function == "main"
    assert callable(importlib.import_module(module).main)


def test_importing_all_of_them_defines_no_flag():
    """Else two of them, which share names of flags, could not be imported together."""
    before = set(flags.FLAGS)
    for name in COMMANDS:
        importlib.import_module(f"kgan.cli.{name}")
    assert set(flags.FLAGS) == before
