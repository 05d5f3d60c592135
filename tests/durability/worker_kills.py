#!/usr/bin/env python3
"""Kills one of two workers at random moments, and compares what the next start makes of it.

    python tests/durability/worker_kills.py --kills=20 --signals=5

One run of two workers is left alone. Then, `--kills` times: the same command in another
folder, one worker of which gets SIGKILL; both have to end, with a line, and the command is
given again until its end. `--signals` times the worker gets SIGTERM instead; both have to
say that they saved, at the same step. A kill counts when it is proven to have landed
before the end of the run. Then all that the two runs have left must be equal, as in
`kills.py`.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from tests.durability import kills  # isort: skip

from absl import flags

from tests.durability.remains import remains, unlike

WORKERS = ("--workers=2", "--restarts=0")


class Stop(NamedTuple):
    """What came of a signal to one worker.

    Attributes:
        landed: whether it met a run that had not ended.
        worker: which.
        after: seconds from the start to the signal.
        seconds: from the signal to the end of all.
        codes: the launcher's exit code.
        line: its last line.
    """

    landed: bool
    worker: int
    after: float
    seconds: float
    code: int
    line: str


def stop(arguments, number, when, worker):
    """Starts the command, and sends one of its workers a signal after `when` seconds."""
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(arguments, stdout=told, stderr=told)
        began, victims = time.monotonic(), []
        while process.poll() is None and time.monotonic() - began < when:
            time.sleep(0.002)
        while process.poll() is None and len(victims) < 2:
            victims = children(process.pid)
        if victims:
            # By number: the launcher starts the chief first.
            with contextlib.suppress(ProcessLookupError):  # it had ended
                os.kill(sorted(victims)[worker], number)
        sent = time.monotonic()
        code = process.wait(kills.PATIENCE)
        told.seek(0)
        lines = told.read().splitlines()
    landed = bool(victims) and code != 0
    took = time.monotonic() - sent
    return Stop(landed, worker, when, took, code, lines[-1] if lines else "")


def children(process):
    """The processes that a process has started."""
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return list(map(int, found.split()))


def trials(variant, numbers, folder, chance, extra=()):
    """Yields (number of the signal, `Stop`, what differs) for each signal."""
    alone = folder / f"{variant}-alone"
    began = time.monotonic()
    kills.finish(kills.command(variant, alone, (*WORKERS, *extra)))
    seconds = time.monotonic() - began
    expected = remains(alone)
    for count, number in enumerate(numbers):
        done, attempt = None, 0
        while done is None or not done.landed:
            workdir = folder / f"{variant}-{count}-{attempt}"
            arguments = kills.command(variant, workdir, (*WORKERS, *extra))
            least = 0.3 * seconds if number == signal.SIGTERM else 0.1
            when = chance.uniform(least, 0.9 * seconds)
            done = stop(arguments, number, when, chance.randrange(2))
            attempt += 1
        odd = wrong(done, number, workdir)
        kills.finish(arguments)
        yield number, done, odd + unlike(expected, remains(workdir))
        shutil.rmtree(workdir)


def wrong(done, number, workdir):
    """What is wrong with the end of a run to which a signal was sent."""
    odd = []
    if number == signal.SIGTERM:
        # Before and after the steps a signal ends a worker as any command.
        said = [
            (workdir / f"worker-{k}.log").read_text().strip().splitlines()[-1]
            for k in (0, 1)
        ]
        if "and saved" in said[done.worker] and len(set(said)) > 1:
            odd.append(f"their last lines: {said}")
        odd += [] if done.code in (143, 1) else [f"exit code {done.code}"]
    elif done.code != 1:
        odd.append(f"exit code {done.code}")
    if done.seconds > 60:
        odd.append(f"{done.seconds:.0f} s until all had ended")
    if "Traceback" in done.line or ": " not in done.line:
        odd.append(f"last line {done.line!r}")
    return odd


def main():
    given, equal = flags.FLAGS, {}
    chance = random.Random(given.seed)
    numbers = [signal.SIGTERM] * given.signals + [signal.SIGKILL] * given.kills
    with tempfile.TemporaryDirectory() as folder:
        for number, done, odd in trials(
            given.variant, numbers, Path(folder), chance, given.extra
        ):
            equal.setdefault(number.name, []).append(not odd)
            verdict = f"differs: {', '.join(odd[:5])}" if odd else "equal"
            print(
                f"{number.name} to worker {done.worker} after {done.after:.1f} s, all "
                f"ended {done.seconds:.1f} s later ({done.line}): {verdict}",
                flush=True,
            )
    for name, found in equal.items():
        print(f"{name}: {sum(found)} of {len(found)} equal")
    sys.exit(not all(map(all, equal.values())))


if __name__ == "__main__":
    flags.DEFINE_string("variant", "gan", "Which to train.")
    flags.DEFINE_integer("kills", 20, "How many workers get SIGKILL.", lower_bound=0)
    flags.DEFINE_integer("signals", 5, "How many get SIGTERM.", lower_bound=0)
    flags.DEFINE_integer("seed", 0, "Of the moments.")
    flags.DEFINE_multi_string("extra", [], "Further flags of bin/train_gan.")
    kills.app.run(main, flags.FLAGS)
