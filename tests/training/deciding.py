"""Trains runs in which the chief has to decide; prints what came of each.

Usage: deciding.py FOLDER STRATEGY
A program of its own, as `mirrored.py` and `workers.py` are.
"""

import json
import sys

import kgan
from kgan.errors import UserError
from kgan.health import THRESHOLDS
from tests.training import mirrored

TINY = {"batch_size": 8, "width": 1, "epochs": 4, "ema": 0.0}
EVERY = {"steps_per_execution": 1, "health_every": 2, "checkpoint_every": "3steps"}
TOO_STRONG = {"accuracy": 0.0, "gap": -1.0}
BALANCED = {"young": 0.0, "away": 1.0, "distance": 0.0, "nearest": 0.0}
WORDS = {"image_size": 16, "width": 2, "batch_size": 1024, "condition_size": 4}


def outcome(folder, strategy, variant, data, limits=(), **asked):
    """How a run ends, with the digest of its weights if it does so well."""
    said, before = [], dict(THRESHOLDS)
    for name, value in dict(limits).items():
        THRESHOLDS[name] = before[name]._replace(value=value)
    given = {"workdir": folder, "strategy": strategy, "log": said.append, **asked}
    try:
        game = kgan.train(variant, data, **given).game
    except UserError as error:
        return {"error": str(error).replace(folder, "W"), "told": _decided(said)}
    finally:
        THRESHOLDS.update(before)
    return {"weights": mirrored.digest(game), "told": _decided(said)}


def _decided(said):
    """What a run said of decisions; only the chief says anything."""
    words = ("rollback ", "equilibrium", "stage ")
    return [line for line in said if any(word in line for word in words)]


def main(folder, strategy):
    if strategy == "mirrored":
        mirrored.split_cpu()
    noise, place = mirrored.digits()[:40], f"{folder}/{strategy}"
    tiny = {**TINY, **EVERY}
    rates = {"generator_rate": 100.0, "discriminator_rate": 100.0}
    wild = tiny | rates | {"objective": "least_squares", "optimizer": "sgd"}
    found = {
        "rollback": outcome(
            f"{place}/a", strategy, "gan", noise, **wild, on_sick="rollback"
        ),
        "stop": outcome(
            f"{place}/b", strategy, "gan", noise, TOO_STRONG, **tiny, on_sick="stop"
        ),
        "equilibrium": outcome(
            f"{place}/c",
            strategy,
            "gan",
            noise,
            BALANCED,
            **tiny,
            stop_at_equilibrium=True,
        ),
        "stages": outcome(
            f"{place}/d",
            strategy,
            "stackgan",
            "coloured_digits",
            **WORDS,
            stages=2,
            epochs=1,
        ),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
