#!/usr/bin/env python3
"""Kills training at random moments and compares what the next start makes of it.

    python tests/durability/kills.py --kills=25 --variants=gan,dcgan,cgan,infogan

For each variant one run is left alone. Then, `--kills` times: the same command
in another folder gets SIGKILL, and is given again until its end. A kill counts
when it is proven to have landed where it should; then all that the two runs
have left must be equal: networks, optimizers, averages, random state and
metrics in the last checkpoint, history, health, every grid, TensorBoard's points
(but the speed), the exported weights.
"""

import itertools
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
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "bin")]

import checkout  # isort: skip

checkout.find()

from kgan.cli import app  # isort: skip

app.quieten()
app.import_tensorflow()

import tensorflow as tf
from absl import flags

from tests.durability.remains import remains, unlike

PATIENCE = 300  # seconds, for a command of ten
# What 25 kills are made of; fewer take the first of them, more begin again.
MOMENTS = ("start", "steps", "checkpoint", "export") * 4 + (
    *("steps", "checkpoint") * 4,
    "steps",
)


class Kill(NamedTuple):
    """One attempt: `landed` tells whether the moment was met, `evidence` by what."""

    moment: str
    landed: bool
    evidence: str


def command(variant, workdir, extra=()):
    return [
        sys.executable,
        str(CHECKOUT / "bin" / "train_gan"),
        f"--variant={variant}",
        f"--workdir={workdir}",
        "--config.epochs=4",
        "--steps_per_execution=1",
        "--checkpoint_every=3steps",
        "--health_every=10",
        *extra,
    ]


def finish(arguments):
    """Runs the command to its end; returns what it said."""
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def kill(arguments, workdir, moment, seconds, chance):
    """Starts the command and kills it at `moment`.

    Args:
        seconds: how long an undisturbed run takes, about.
        chance: a `random.Random`.
    """
    reached, landed = MEETINGS[moment](workdir, seconds, chance)
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(arguments, stdout=told, stderr=told)
        began = time.monotonic()
        while not reached(time.monotonic() - began) and process.poll() is None:
            time.sleep(0.0002)
        process.kill()
        code = process.wait(PATIENCE)
        told.seek(0)
        text = told.read()
    if code != -signal.SIGKILL:
        return Kill(moment, False, f"it had ended with {code}: {text[-300:]}")
    return Kill(moment, *landed(text))


def meet_start(workdir, seconds, chance):
    """Any time before the first epoch's end: imports, build, tracing, first steps."""
    when = chance.uniform(0.05, 0.7 * seconds)

    def landed(text):
        return "epoch 1/" not in text, f"after {when:.2f} s"

    return lambda passed: passed > when, landed


def meet_steps(workdir, seconds, chance):
    """After a random number of history's rows and a little more."""
    rows, delay, seen = chance.randint(1, 3), chance.uniform(0.0, 0.3), []

    def reached(passed):
        if not seen and lines(workdir) > rows:
            seen.append(passed)
        return seen and passed - seen[0] > delay

    def landed(text):
        return "epoch 4/" not in text, f"with {lines(workdir) - 1} rows of history"

    return reached, landed


def lines(workdir):
    try:
        return (workdir / "history.csv").read_text().count("\n")
    except FileNotFoundError:
        return 0


def meet_checkpoint(workdir, seconds, chance):
    """While a random one of the checkpoints is being written."""
    skip, folder, seen = chance.randrange(12), workdir / "checkpoints", set()
    delay = chance.choice([0.0, 0.001, 0.003])

    def unfinished():
        """Names of what no finished checkpoint has."""
        listed = tf.train.get_checkpoint_state(str(folder))
        whole = (
            [Path(p).name for p in listed.all_model_checkpoint_paths] if listed else []
        )
        return [
            name
            for name in names(folder)
            if "temp" in name
            or (name.startswith("ckpt") and name.split(".")[0] not in whole)
        ]

    def reached(passed):
        seen.update(name for name in names(folder) if "temp" in name)
        if len(seen) > skip:
            time.sleep(delay)
        return len(seen) > skip

    def landed(text):
        left = unfinished()
        return bool(left), f"with {left[0] if left else 'nothing'} half written"

    return reached, landed


def names(folder):
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def meet_export(workdir, seconds, chance):
    """While the generator is being written."""
    delay, seen = chance.uniform(0.0, 0.1), []

    def temporary():
        return [name for name in names(workdir) if name.startswith(".kgan-")]

    def reached(passed):
        folders = [name for name in temporary() if (workdir / name).is_dir()]
        if folders and not seen:
            seen.append(passed)
        return seen and passed - seen[0] > delay

    def landed(text):
        left = temporary()
        return bool(left), f"with {left[0] if left else 'nothing'} half written"

    return reached, landed


def meet_any(workdir, seconds, chance):
    """Any time: of a run of two stages in both; the other moments are in the last."""
    when = chance.uniform(0.05, 0.95 * seconds)

    def landed(text):
        rows = max(0, lines(workdir) - 1)
        return True, f"after {when:.2f} of {seconds:.2f} s, with {rows} rows of history"

    return lambda passed: passed > when, landed


MEETINGS = {
    "any": meet_any,
    "start": meet_start,
    "steps": meet_steps,
    "checkpoint": meet_checkpoint,
    "export": meet_export,
}


def trials(variant, moments, folder, chance, extra=()):
    """Yields (`Kill`, names that differ from the undisturbed run) for each moment."""
    alone = folder / f"{variant}-alone"
    began = time.monotonic()
    finish(command(variant, alone, extra))
    seconds = time.monotonic() - began
    expected = remains(alone)
    if not (alone / "generator").exists():  # a game that makes no samples
        moments = ["steps" if one == "export" else one for one in moments]
    for number, moment in enumerate(moments):
        for attempt in itertools.count():
            workdir = folder / f"{variant}-{number}-{attempt}"
            arguments = command(variant, workdir, extra)
            done = kill(arguments, workdir, moment, seconds, chance)
            if done.landed:
                break
        finish(arguments)
        yield done, unlike(expected, remains(workdir))
        shutil.rmtree(workdir)


def main():
    chance = random.Random(flags.FLAGS.seed)
    given = flags.FLAGS.moments
    moments = [given[i % len(given)] for i in range(flags.FLAGS.kills)]
    equal = total = 0
    for variant in flags.FLAGS.variants:
        with tempfile.TemporaryDirectory() as folder:
            tried = trials(variant, moments, Path(folder), chance, flags.FLAGS.extra)
            for done, odd in tried:
                total, equal = total + 1, equal + (not odd)
                verdict = f"differs in {', '.join(odd[:5])}" if odd else "equal"
                print(
                    f"{variant}: {done.moment}, {done.evidence}: {verdict}", flush=True
                )
    print(f"{equal} of {total} equal")
    sys.exit(equal != total)


if __name__ == "__main__":
    flags.DEFINE_list("variants", "gan,dcgan,cgan,infogan", "Which to train.")
    flags.DEFINE_integer("kills", 25, "Of each variant.", lower_bound=1)
    flags.DEFINE_integer("seed", 0, "Of the moments.")
    flags.DEFINE_list("moments", list(MOMENTS), f"In turns: {', '.join(MEETINGS)}.")
    flags.DEFINE_multi_string("extra", [], "Further flags of bin/train_gan.")
    app.run(main, flags.FLAGS)
