"""A long run needs no more memory than a short one.

python -m pytest -m slow -s tests/durability/test_memory.py
"""

import os
import subprocess
import time

import pytest

from tests.durability import kills


def resident(process):
    """Bytes of memory that a process holds."""
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="not Linux")
@pytest.mark.parametrize("variant, epoch", [("gan", 14), ("infogan", 11)])
def test_memory_is_flat(tmp_path, variant, epoch):
    """After 500 and after 5,000 steps, with all callbacks and many checkpoints."""
    workdir, found = tmp_path / "run", []
    flags = ("--config.width=4", "--config.epochs=1000", "--checkpoint_every=1s")
    process = subprocess.Popen(
        [*kills.command(variant, workdir, flags), f"--steps_per_execution={epoch}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for steps in (500, 5000):
            end = time.monotonic() + 300
            while kills.lines(workdir) <= steps / epoch:
                assert process.poll() is None and time.monotonic() < end
                time.sleep(0.01)
            found.append(resident(process.pid))
    finally:
        process.kill()
        process.wait()
    early, late = found
    print(f"{early / 1e6:.1f} MB after 500 steps, {late / 1e6:.1f} MB after 5,000")
    assert late < 1.02 * early, f"{early / 1e6:.1f} MB grew to {late / 1e6:.1f} MB"
