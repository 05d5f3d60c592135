"""Trains one contender for some minutes, leaves samples, prints what it found as JSON.

python -m benchmarks.quality.worker TASK, a `races.Task` as JSON
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

from benchmarks import limit
from benchmarks.quality.images import enlarged, reduced
from benchmarks.quality.races import CONTENDERS, Task, moments
from benchmarks.quality.watch import Watch


def raced(task, now=None):
    """Trains as a `Task` says.

    Returns:
        {"points": a dict of minutes, images and the file of the samples for each moment,
        "busy": share of the processors that others used, "facts": what the contender
        says of itself}.
    """
    contender, folder = CONTENDERS[task.contender], Path(task.folder)
    images = np.load(task.images, allow_pickle=False)
    side = contender.sides.get(task.shape[0], task.shape[0])
    images = enlarged(images, side)
    folder.mkdir(parents=True, exist_ok=True)
    points = []

    def leave(number, minutes, seen, draw):
        file = f"{number:02d}.npz"
        samples = reduced(draw(task.samples), task.shape[0])
        np.savez_compressed(folder / file, samples=samples)
        points.append({"minutes": minutes, "images": int(seen), "file": file})

    busy = limit.busy()
    watch = Watch(moments(task.minutes), leave, **({"now": now} if now else {}))
    facts = contender.train(images, watch, task)
    return {"points": points, "busy": busy, "facts": facts}


def main():
    """Reads the task of the command line, and prints the results as the last line."""
    plain = json.loads(sys.argv[1])
    task = Task(**plain | {"shape": tuple(plain["shape"])})
    # What a library prints must not be the last line, nor end the process when it is read.
    said, out = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    found = raced(task)
    sys.stdout.flush()
    os.dup2(said, 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
