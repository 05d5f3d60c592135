"""Measures a training from shards against the same images in memory, in turns.

    python -m benchmarks.shards --images=20000 --folder=FOLDER

The first call generates the images, 64x64 in colour, and prepares them; later calls use what
lies in the folder. Each turn is a process of its own, which reads batches without a game,
then trains one. Peak memory is what the system counted for the process.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import PIL.Image
from absl import app, flags

SIDE = 64
FLAGS = flags.FLAGS
flags.DEFINE_integer("images", 20_000, "How many images.", lower_bound=1)
flags.DEFINE_string("folder", None, "Receives the images and the shards.")
flags.DEFINE_integer("turns", 3, "Processes from each.", lower_bound=1)
flags.DEFINE_integer("batch_size", 64, "Images in a step.", lower_bound=1)
flags.DEFINE_integer("batches", 200, "That are read without a game.", lower_bound=1)
flags.DEFINE_integer("steps", 40, "That are trained.", lower_bound=1)
flags.DEFINE_integer("width", 8, "Of the DCGAN.", lower_bound=1)
flags.DEFINE_enum("encoding", "raw", ["raw", "png"], "Of the shards.")
flags.DEFINE_string("measure", None, "What one process measures; for internal use.")


def generate(folder: Path, count: int) -> None:
    """Writes smooth random images, in folders of 1,000; equal calls write equal ones."""
    rng = np.random.default_rng(0)
    for number in range(count):
        coarse = rng.integers(0, 256, (8, 8, 3), np.uint8)
        path = folder / f"{number // 1000:05}" / f"{number:08}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = PIL.Image.fromarray(coarse).resize((SIDE, SIDE))
        image.save(path, compress_level=1)


def measure(place: str) -> dict[str, float]:
    """Returns rates and the peak memory of this process, from one place of the data."""
    from kgan.configs import dcgan
    from kgan.data import batches, load

    start = time.perf_counter()
    data = load(place, log=lambda line: None)
    found = {"loading s": time.perf_counter() - start}
    feed = iter(batches(data, FLAGS.batch_size, seed=0))
    found["batches/s"] = _rate(lambda: next(feed), FLAGS.batches)
    found["MB after reading"] = _peak()
    game = dcgan.build(dcgan.Config(width=FLAGS.width).resolved(1), data.spec)
    game.make_train_function()
    found["steps/s"] = _rate(lambda: game.train_function(feed), FLAGS.steps)
    return found | {"peak MB": _peak()}


def _rate(step, count):
    for _ in range(3):
        step()
    start = time.perf_counter()
    for _ in range(count):
        step()
    return count / (time.perf_counter() - start)


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def compare(places: dict[str, Path]) -> None:
    """Prints the median of all turns, and their least and largest, of each place."""
    found = {name: [] for name in places}
    for _ in range(FLAGS.turns):
        for name, place in places.items():
            command = [sys.executable, "-m", "benchmarks.shards", *sys.argv[1:]]
            done = subprocess.run(
                [*command, f"--measure={place}"],
                capture_output=True,
                text=True,
                check=True,
            )
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(name, found[name][-1], flush=True)
    for name, turns in found.items():
        for what in turns[0]:
            values = sorted(turn[what] for turn in turns)
            middle = statistics.median(values)
            print(f"{name}, {what}: {middle:.1f} ({values[0]:.1f} to {values[-1]:.1f})")


def main(_: list[str]) -> None:
    """Generates, prepares and compares, or measures one place."""
    if FLAGS.measure:
        print(json.dumps(measure(FLAGS.measure)))
        return
    from kgan.data import prepare

    root = Path(FLAGS.folder) / str(FLAGS.images)
    images, shards = root / "images", root / FLAGS.encoding
    if not images.exists():
        generate(images, FLAGS.images)
    start = time.perf_counter()
    prepare(images, shards, encoding=FLAGS.encoding)
    print(f"prepared, or checked, in {time.perf_counter() - start:.1f} s")
    compare({"memory": images, "shards": shards})


if __name__ == "__main__":
    flags.mark_flag_as_required("folder")
    app.run(main)
