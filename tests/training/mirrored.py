"""Trains on two logical CPUs and on one; prints what came of it.

A program of its own, as the devices of a process can be split only once.
"""

import hashlib
import json
import sys

import numpy as np
import tensorflow as tf

import kgan
from kgan.errors import UserError

FIELDS = {"batch_size": 24, "width": 4, "optimizer": "sgd", "momentum": 0.0}
FIELDS |= {"discriminator_steps": 3, "instance_noise": 0.0}


def trained(workdir, epochs, strategy, **asked):
    """The trained game, and the line that says how it is trained; "" if it says none."""
    lines = []
    run = kgan.train(
        "gan",
        digits(),
        workdir=workdir,
        epochs=epochs,
        strategy=strategy,
        log=lines.append,
        **FIELDS,
        **asked,
    )
    told = next((line for line in lines if "parameters" in line), "")
    return run.game, told


def weights(game):
    players = (*game.max_players(), *game.min_players())
    return [w for player in players for w in player.get_weights()]


def digest(game):
    """Of all that is trained."""
    return hashlib.sha256(b"".join(w.tobytes() for w in weights(game))).hexdigest()


def digits():
    return np.random.default_rng(0).integers(0, 256, (240, 8, 8, 1), dtype=np.uint8)


def distance(first, second):
    pairs = zip(weights(first), weights(second), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def refused(folder, epochs, strategy, **asked):
    try:
        trained(folder, epochs, strategy, **asked)
    except UserError as error:
        return str(error)
    return ""


def split_cpu():
    """Makes two devices of the CPU, before anything is computed."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, parts)


def main(folder):
    split_cpu()
    one, _ = trained(f"{folder}/one", 2, "one")
    two, told = trained(f"{folder}/two", 2, "mirrored")
    trained(f"{folder}/both", 1, "mirrored")
    both, _ = trained(f"{folder}/both", 2, "one")
    longer, _ = trained(f"{folder}/one", 3, "one")
    again, _ = trained(f"{folder}/both", 3, "mirrored")
    print(
        json.dumps(
            {
                "told": told,
                "one and two": distance(one, two),
                "two, then one": distance(one, both),
                "two, one, two": distance(longer, again),
                "two": digest(two),
                "jit": refused(f"{folder}/jit", 1, "mirrored", jit="on"),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
