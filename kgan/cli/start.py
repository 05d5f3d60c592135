"""The first line of a binary, before any package but kgan itself is imported."""

import importlib.util
import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def find_packages() -> None:
    """Goes on in the README's environment where this Python lacks kgan's packages.

    Exits with one line where there is no such environment.
    """
    if importlib.util.find_spec("absl"):
        return
    python = CHECKOUT / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != python.parents[1]:
        os.execv(python, [str(python), *sys.argv])
    sys.exit(
        f"{Path(sys.argv[0]).name}: kgan's packages are not installed for "
        f"{sys.executable}; run the first command of the README"
    )
