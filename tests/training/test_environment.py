"""What is told of the machine is what computes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from kgan.cli import reproduce_paper
def measure():
    from kgan.training.environment import machine
    print(machine())
reproduce_paper.reproduce_tables = measure
sys.argv = ["reproduce_paper", "--table=ring"]
reproduce_paper.main()
"""


@pytest.mark.slow
def test_one_thread_is_told(tmp_path):
    """In a process of its own: TensorFlow reads it when it is loaded."""
    environment = {k: v for k, v in os.environ.items() if "THREADS" not in k}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ", 1 thread, TensorFlow" in done.stdout, done.stderr
