"""The shared inputs on which users of GAN tools were let down, made once a session."""

import os
import runpy
import sys
from pathlib import Path

import pytest

DATA = os.environ.get("KGAN_TEST_DATA", "")
MAKE = Path(DATA).parent / "cases" / "make_inputs.py"


def make(folder):
    """Makes the inputs in a folder and returns it; skips where the program is absent."""
    if not DATA or not MAKE.exists():
        pytest.skip(f"no shared cases: KGAN_TEST_DATA={DATA} has no {MAKE}")
    before, sys.argv = sys.argv, [str(MAKE), str(folder)]
    try:
        runpy.run_path(str(MAKE), run_name="__main__")
    finally:
        sys.argv = before
    return Path(folder)
