"""Measures how long bin/train_gan takes from the command to its first step."""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import runner

PARTS = {
    "import": "Python, TensorFlow, Keras, kgan, the flags",
    "data": "the digits",
    "build": "networks, optimizers, the record",
    "callbacks": "workdir, checkpoints, TensorBoard, the feed",
    "compile": "the first call of the graph: its tracing and its steps",
}


def start(workdir):
    """Runs the default bin/train_gan up to the end of its first call of the graph.

    Returns:
        Name of a part -> seconds.

    Raises:
        UserError: the process failed; the message is the last line that it wrote.
    """
    begun = str(time.monotonic())
    ends = runner.answer("benchmarks.starting", begun, str(workdir), of="bin/train_gan")
    return parts(ends)


def parts(ends):
    """Returns how long each part took, from the times at which the parts ended."""
    found, before = {}, 0.0
    for name in PARTS:
        found[name], before = ends[name] - before, ends[name]
    return found


def run(*, rounds, path, about, start=start, log=print):
    """Starts it `rounds` times, each in a new process and workdir, and writes `path`.

    Args:
        rounds: how often.
        path: the JSON file of the results.
        about: a dict that describes the machine.
        start: workdir -> name of a part -> seconds.
        log: called with a line for each start.

    Returns:
        What the JSON holds: {"about", "starts": [name of a part -> seconds]}.
    """
    kept = {"about": about, "starts": []}
    for turn in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found = start(Path(folder) / "run")
        kept["starts"].append(found)
        runner.write(path, kept)
        log(f"start {turn + 1}: {sum(found.values()):.1f} s")
    return kept


def text(kept):
    """Returns all results as a text for a terminal."""
    rows = [(n, w, [one[n] for one in kept["starts"]]) for n, w in PARTS.items()]
    whole = [sum(one.values()) for one in kept["starts"]]
    rows.append(("in all", "from the command to the first steps' end", whole))
    told = [
        f"{name:10}{median(times):>6.2f} s ({min(times):.2f}–{max(times):.2f})  {what}"
        for name, what, times in rows
    ]
    return "\n".join([*told, kept["about"]["machine"]])
