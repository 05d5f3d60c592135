"""What is told of the machine is what computes."""

import subprocess
import sys

PROGRAM = """
from kgan import launch
launch.one_thread()
from kgan.computing import machine
print(machine())
"""


def test_one_thread_is_told():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert ", 1 thread, TensorFlow" in done.stdout, done.stderr
