#!/usr/bin/env python3
"""Short runs on digits of which it is known what ails them, and what kgan says.

    python tests/health/labelled.py --out=labelled

Runs one after the other into `--out`, keeps what was said of each in
`--out`/results.json, leaves out what is there already, and prints how labels and
verdicts meet. `--tuning` takes the seed with which the thresholds were set.

Rings and grids are not among them: their points are no images, and do not go through
kgan.train. Nor is a run that oscillates: none was found on digits.
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
sys.path.insert(0, str(CHECKOUT))

from kgan import launch  # isort: skip

launch.quieten()

from absl import flags

from kgan.errors import UserError
from kgan.files import write_text
from kgan.health import HEALTHY, VERDICTS, read, review

TUNING, SEEDS = (0,), (11, 12, 13)


@dataclasses.dataclass(frozen=True)
class Case:
    """A way to train, and what is to be said of it.

    Attributes:
        name: of the case, for its folder.
        variant: of the game.
        fields: of the configuration.
        label: the verdict that is right.
        split: of digits, what is learned from.
        poison: the step at which a NaN is put into G; 0 is never.
    """

    name: str
    variant: str
    fields: dict
    label: str = HEALTHY
    split: str = "train"
    poison: int = 0


SMALL = {"width": 64, "updates": 1500}  # gan's nets, in a third of the time
SHORT = {"updates": 1500}
VANISHING, STRONG = "generator gradient vanishing", "discriminator too strong"
COLLAPSE, MEMORISES = "mode collapse", "discriminator memorises"
DIVERGED, EQUILIBRIUM = "diverged", "at equilibrium"
CRITIC = {"objective": "wasserstein", "penalty": "wgan_gp", "discriminator_steps": 3}
RELATIVISTIC = {"objective": "relativistic", "penalty": "r1+r2", "penalty_weight": 1.0}

CASES = (
    Case("gan", "gan", SMALL),
    Case("dcgan", "dcgan", SHORT),
    Case("cgan", "cgan", SHORT),
    Case("infogan", "infogan", SHORT | {"width": 16}),
    Case("gan-wgan-gp", "gan", SMALL | CRITIC | {"updates": 700}),
    Case("gan-least-squares", "gan", SMALL | {"objective": "least_squares"}),
    Case("dcgan-hinge", "dcgan", SHORT | {"objective": "hinge"}),
    Case("gan-relativistic", "gan", SMALL | RELATIVISTIC),
    Case(
        "strong-minimax",
        "gan",
        SMALL
        | {"objective": "minimax", "discriminator_rate": 1e-3, "generator_rate": 2e-5},
        VANISHING,
    ),
    Case(
        "strong-minimax-dcgan",
        "dcgan",
        SHORT
        | {"objective": "minimax", "discriminator_rate": 2e-3, "generator_rate": 2e-5},
        VANISHING,
    ),
    Case(
        "strong",
        "gan",
        SMALL | {"discriminator_rate": 1e-3, "generator_rate": 5e-6},
        STRONG,
    ),
    Case(
        "strong-dcgan",
        "dcgan",
        SHORT | {"discriminator_rate": 2e-3, "generator_rate": 1e-5},
        STRONG,
    ),
    Case("tiny-latent", "gan", SMALL | {"latent": 1}, COLLAPSE),
    Case("tiny-latent-dcgan", "dcgan", SHORT | {"latent": 1}, COLLAPSE),
    Case("wild-generator", "gan", SMALL | {"generator_rate": 1e-2}, STRONG),
    Case(
        "all-alike",
        "gan",
        SMALL
        | {
            "momentum": 0.9,
            "schedule": "simultaneous",
            "discriminator_rate": 3e-3,
            "generator_rate": 3e-3,
        },
        COLLAPSE,
    ),
    Case(
        "huge-rates",
        "gan",
        SMALL | {"discriminator_rate": 1.0, "generator_rate": 1.0},
        DIVERGED,
    ),
    Case(
        "huge-sgd",
        "dcgan",
        SHORT
        | {"optimizer": "sgd", "discriminator_rate": 50.0, "generator_rate": 50.0},
        DIVERGED,
    ),
    Case("poisoned", "gan", SMALL, DIVERGED, poison=450),
    Case("poisoned-infogan", "infogan", SHORT | {"width": 8}, DIVERGED, poison=250),
    Case("weak-discriminator", "gan", SMALL | {"clip_weights": 0.002}, EQUILIBRIUM),
    Case(
        "flat-discriminator",
        "gan",
        SMALL | {"penalty": "r1", "penalty_weight": 1000.0},
        EQUILIBRIUM,
    ),
    Case(
        "few",
        "gan",
        SMALL | {"batch_size": 50, "updates": 2000},
        MEMORISES,
        "train[:50]",
    ),
    Case(
        "few-dcgan",
        "dcgan",
        SHORT | {"batch_size": 50, "updates": 2000},
        MEMORISES,
        "train[:50]",
    ),
)


def poisoned(build, at):
    """`build`, of a game whose G gets a NaN after its descent number `at`."""
    import tensorflow as tf

    def made(*given):
        game = build(*given)
        inner, weight = game.after_round, game.min_side.weights[0]

        def after_round():
            inner()
            now = game.min_optimizer.iterations.value
            weight.assign(tf.where(now == at, math.nan, weight.value))

        game.after_round = after_round
        return game

    return made


def run(case, seed, workdir):
    """Trains; returns what was said, as plain values."""
    from kgan import train

    module = launch.variant(case.variant)
    build = poisoned(module.build, case.poison) if case.poison else module.build
    shutil.rmtree(workdir, ignore_errors=True)  # of a run that was cut off
    began, said, code = time.monotonic(), [], 0
    try:
        train.train(
            train.Run(
                case.variant,
                "digits",
                module.Config(**case.fields, seed=seed, grids=4),
                build,
                workdir,
                split=case.split,
                say=said.append,
            )
        )
    except UserError as error:
        said.append(str(error))
        code = error.exit_code
    seconds = round(time.monotonic() - began, 1)
    return judged(workdir) | {"seconds": seconds, "exit_code": code, "said": said[-3:]}


def judged(workdir):
    """The verdict that stands at the end, or else the last alarm; and all of them."""
    config = json.loads((workdir / "run.json").read_text())["config"]
    checks = read(workdir)
    changes = [[c.step, c.verdict.name] for c in review(checks, config)]
    alarms = [name for _, name in changes if name != HEALTHY]
    return {
        "verdict": alarms[-1] if alarms else HEALTHY,
        "changes": changes,
        "checks": len(checks),
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
    right = sum(r["label"] == r["verdict"] for r in results)
    yield f"{right} of {len(results)} as labelled"


def main():
    out = Path(flags.FLAGS.out)
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    known = {case.name for case in CASES}
    odd = sorted(set(flags.FLAGS.cases) - known)
    if odd:
        raise UserError(f"--cases={odd[0]}: there are {', '.join(sorted(known))}")
    for seed in TUNING if flags.FLAGS.tuning else SEEDS:
        for case in CASES:
            name = f"{case.name}-{seed}"
            if flags.FLAGS.cases and case.name not in flags.FLAGS.cases:
                continue
            if name not in results:
                found = run(case, seed, out / name)
                results[name] = {"label": case.label, "seed": seed} | found
            elif flags.FLAGS.again:
                results[name] |= judged(out / name)
            else:
                continue
            write_text(kept, json.dumps(results, indent=2) + "\n")
            one = results[name]
            print(
                f"{name}: {one['label']} -> {one['verdict']} {one['changes']}, "
                f"{one['seconds']} s",
                flush=True,
            )
    print("\n".join(table(results.values())))


if __name__ == "__main__":
    flags.DEFINE_string("out", "labelled", "The folder of the runs and the results.")
    flags.DEFINE_list("cases", [], "Which; all by default.")
    flags.DEFINE_bool("tuning", False, "With the seed that set the thresholds.")
    flags.DEFINE_bool("again", False, "Judge anew what was trained already.")
    launch.run(main, flags.FLAGS)
