"""The kgan of this checkout, in a Python that has the packages which it needs."""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDED = "absl", "keras", "tensorflow"  # a Python may have one of them and lack another


def run(command):
    """Runs a command of `kgan.cli`."""
    find()
    importlib.import_module(f"kgan.cli.{command}").main()


def find():
    """Makes `import kgan` find this checkout.

    Where this Python lacks kgan's packages, the README's environment takes over. Exits
    with one line where there is none.
    """
    sys.path.insert(0, str(ROOT))
    if all(map(importlib.util.find_spec, NEEDED)):
        return
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != python.parents[1]:
        os.execv(python, [str(python), *sys.argv])
    sys.exit(
        f"{Path(sys.argv[0]).name}: kgan's packages are not installed for "
        f"{sys.executable}; run the first command of the README"
    )
