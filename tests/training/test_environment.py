"""What is told of the machine is what computes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from kgan.cli import app
app.one_thread()
from kgan.training.environment import machine
print(machine())
"""
TABLE = Path(__file__).parents[2] / "bin" / "reproduce_paper"
FLAGS = "--table=ring", "--quick", "--budget_minutes=0.01"  # begins one row


@pytest.mark.parametrize("command", [("-c", PROGRAM), (TABLE, *FLAGS)])
def test_one_thread_is_told(command, tmp_path):
    """In a process of its own: TensorFlow reads it when it is loaded."""
    environment = {k: v for k, v in os.environ.items() if "THREADS" not in k}
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(TABLE.parents[1])},
    )
    assert ", 1 thread, TensorFlow" in done.stdout, done.stderr
