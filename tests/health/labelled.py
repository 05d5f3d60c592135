#!/usr/bin/env python3
"""Short runs of which it is known what ails them, and what kgan says of each.

    python tests/health/labelled.py --out=labelled
    python tests/health/labelled.py --out=labelled --on_sick=rollback

Runs one after the other into `--out`, keeps what was said of each in
`--out`/results.json, leaves out what is there already, and prints how labels and
verdicts meet. `--tuning` takes the seed with which the thresholds were set. The second
command trains only the cases that diverge, and tells how many of them finish.
"""

import collections
import dataclasses
import json
import math
import shutil
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "bin"))

import checkout  # isort: skip

checkout.find()

from kgan.cli import app  # isort: skip

app.quieten()

from absl import flags

from kgan.cli import variants
from kgan.errors import UserError
from kgan.files import write_text
from kgan.health import EQUILIBRIUM, HEALTHY, VERDICTS, read, review
from tests.health.cases import CASES, DIVERGED

FLAGS = flags.FLAGS
TUNING, SEEDS = (0,), (11, 12)
SPLITS = "train", "test"
IN_TIME = 1 / 3  # of a run: until then the right verdict is to have been given
SIGNALLED = 128  # exit codes beyond it are of who was asked to stop
LABELLED, ROLLBACK = "labelled", "rollback"


def poisoned(build, at):
    """`build`, of a game whose G gets a NaN after its descent number `at`, once."""
    import tensorflow as tf

    def made(*given):
        game = build(*given)
        inner, weight = game.after_round, game.min_side.weights[0]
        due = tf.Variable(True)  # no part of the game: nothing brings it back

        def after_round(played):
            inner(played)
            now = due & (game.min_optimizer.iterations.value == at)
            weight.assign(tf.where(now, math.nan, weight.value))
            due.assign(due & ~now)

        game.after_round = after_round
        return game

    return made


def run(case, seed, workdir, on_sick):
    """Trains; returns what was said, as plain values."""
    shutil.rmtree(workdir, ignore_errors=True)  # of a run that was cut off
    began, said, code = time.monotonic(), [], 0
    try:
        _train(case, seed, workdir, on_sick, said.append)
    except UserError as error:
        if error.exit_code > SIGNALLED:
            raise
        said.append(str(error))
        code = error.exit_code
    seconds = round(time.monotonic() - began, 1)
    told = {"seconds": seconds, "exit_code": code, "said": said[-3:]}
    return told | diagnosed(case, workdir)


def _train(case, seed, workdir, on_sick, log):
    if not case.variant:
        from tests.health import planes

        planes.play(case, seed, workdir, log)
        return
    from kgan.training.options import Options
    from kgan.training.run import Variant, prepare

    module = variants.find(case.variant)
    variant = Variant.of(case.variant, module)
    if case.poison:
        variant = variant._replace(build=poisoned(module.build, case.poison))
    config = module.Config(**case.fields, seed=seed, grids=4)
    options = Options(on_sick=on_sick, log=log)
    prepare(variant, _data(case, config), config, workdir, options).train()


def _data(case, config):
    """What is learned from, as `prepare` takes it."""
    from kgan.data import DomainSource, load

    if config.domains:
        return DomainSource(case.data)
    if not case.few:
        return case.data
    train, test = (load(case.data, split=split, log=_quiet) for split in SPLITS)
    return dataclasses.replace(train.part(slice(case.few)), held_out=test)


def _quiet(line):
    pass


def diagnosed(case, workdir):
    """The last alarm, all changes, and after which share of the run it was named."""
    config = json.loads((workdir / "run.json").read_text())["config"]
    checks = read(workdir)
    changes = [[c.step, c.verdict.name] for c in review(checks, config)]
    alarms = [name for _, name in changes if name != HEALTHY]
    right = [step for step, name in changes if name == case.label != HEALTHY]
    return {
        "verdict": alarms[-1] if alarms else HEALTHY,
        "changes": changes,
        "named_at": round(right[0] / case.fields["updates"], 3) if right else None,
        "checks": len(checks),
        "rollbacks": int(checks[-1].get("rollbacks", 0)),
    }


def table(results):
    """How labels (rows) and verdicts (columns) meet, as lines."""
    counts = collections.Counter((r["label"], r["verdict"]) for r in results)
    columns = [v for v in VERDICTS if any(verdict == v for _, verdict in counts)]
    width = max(map(len, VERDICTS))
    yield " " * width + "  " + "  ".join(columns)
    for label in VERDICTS:
        cells = [str(counts[label, v]).rjust(len(v)) for v in columns]
        if any(of == label for of, _ in counts):
            yield label.ljust(width) + "  " + "  ".join(cells)
    well = [r for r in results if r["label"] == HEALTHY]
    sick = [r for r in results if r["label"] != HEALTHY]
    # That D can tell no more is no alarm.
    quiet = sum({v for _, v in r["changes"]} <= {HEALTHY, EQUILIBRIUM} for r in well)
    named = sum(r["named_at"] is not None for r in sick)
    early = sum((r["named_at"] or 1) <= IN_TIME for r in sick)
    yield f"healthy: {quiet} of {len(well)} without an alarm"
    yield (
        f"sick: {named} of {len(sick)} named rightly, {early} of them within "
        f"{IN_TIME:.0%} of the run"
    )


def rescued(results):
    """How many of the runs that diverged came to their end, as lines."""
    back = [r for r in results if r["rollbacks"]]
    done = sum(not r["exit_code"] for r in back)
    yield f"{len(back)} of {len(results)} went back, {done} of them finished"


def main():
    out = Path(FLAGS.out)
    out.mkdir(parents=True, exist_ok=True)
    names = {case.name for case in CASES}
    odd = sorted(set(FLAGS.cases) - names)
    if odd:
        raise UserError(f"cases={odd[0]}", f"there are {', '.join(sorted(names))}")
    back = FLAGS.on_sick == ROLLBACK
    kept = out / f"{ROLLBACK if back else LABELLED}.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for seed in TUNING if FLAGS.tuning else SEEDS:
        for case in CASES:
            name = f"{case.name}-{seed}" + (f"-{ROLLBACK}" if back else "")
            if (FLAGS.cases and case.name not in FLAGS.cases) or (
                back and case.label != DIVERGED
            ):
                continue
            if name not in results:
                found = run(case, seed, out / name, FLAGS.on_sick)
                results[name] = {"label": case.label, "seed": seed} | found
            elif FLAGS.again:
                results[name] |= {"label": case.label} | diagnosed(case, out / name)
            else:
                continue
            write_text(kept, json.dumps(results, indent=2) + "\n")
            print(name, _line(results[name]), flush=True)
    print("\n".join((rescued if back else table)(results.values())))


def _line(one):
    at = "never" if one["named_at"] is None else f"at {one['named_at']:.0%}"
    return (
        f"{one['label']} ({at}) -> {one['verdict']} {one['changes']}, "
        f"{one['rollbacks']} rollbacks, exit {one['exit_code']}, {one['seconds']} s"
    )


if __name__ == "__main__":
    flags.DEFINE_string("out", "labelled", "The folder of the runs and the results.")
    flags.DEFINE_list("cases", [], "Which; all by default.")
    flags.DEFINE_enum("on_sick", "warn", ["warn", ROLLBACK], "As of bin/train_gan.")
    flags.DEFINE_bool("tuning", False, "With the seed that set the thresholds.")
    flags.DEFINE_bool("again", False, "Judge anew what was trained already.")
    app.run(main, FLAGS)
