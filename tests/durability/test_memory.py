"""A long run needs no more memory than a short one.

python -m pytest -m slow -s tests/durability/test_memory.py
"""

import os
import subprocess
import sys
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


GIGABYTE = 81_381  # images of 64x64x3
TRAIN = """
import resource, sys
import numpy as np
import kgan
from kgan.data import arrays
from kgan.data.decoding.storage import Storage

rows, batch = int(sys.argv[1]), int(sys.argv[2])
pixels = Storage().room((rows, 64, 64, 3))
for start in range(0, rows, 1000):  # noise, a part at a time
    part = pixels[start : start + 1000]
    part[...] = np.random.default_rng(start).integers(0, 256, part.shape, np.uint8)
labels = np.arange(rows, dtype=np.int32) % 2
data = arrays.images(pixels, labels, name="noise", classes=("a", "b"))
kgan.train(
    "gan", data, sys.argv[3], width=2, batch_size=batch, epochs=1, health_every=100,
    checkpoint_every="200steps", log=lambda line: None,
)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.slow
def test_pixels_lie_in_memory_once(tmp_path):
    """The peak of a run on 1 GB of pixels, beyond that of the same run on few.

    The same batch size and about as many steps: what batches, checks and checkpoints
    take is in both.
    """
    peaks = []
    for rows in (8_192, GIGABYTE):
        command = [
            sys.executable,
            "-c",
            TRAIN,
            str(rows),
            "64",
            str(tmp_path / str(rows)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr[-2000:]
        checks = (tmp_path / str(rows) / "health.csv").read_text().count("\n") - 1
        assert checks > 0, "it was checked meanwhile"
        peaks.append(int(done.stdout.split()[-1]))
    few, many = peaks
    more = (many - few) / 1e9
    print(
        f"peak {few / 1e9:.2f} GB with 0.1 GB of pixels, {many / 1e9:.2f} GB with 1 GB"
    )
    assert more < 1.2 - 0.1, f"0.9 GB more pixels took {more:.2f} GB"
