"""Plays games on one device and on two; prints how far apart they end.

Usage: replicas.py GAME ...
A program of its own, as the devices of a process can be split only once.
"""

import json
import sys

import numpy as np
import tensorflow as tf

from tests.conformance import games
from tests.training.mirrored import split_cpu


def main(names):
    split_cpu()
    # Made once: a second mirrored strategy would reuse the first one's channels.
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    one = tf.distribute.OneDeviceStrategy("CPU:0")
    found = {}
    for name in names:
        (first, logs), (second, others) = (
            games.played(name, strategy) for strategy in (one, two)
        )
        found[name] = {
            "weights": max(
                float(np.abs(a - b).max() / max(1.0, np.abs(a).max()))
                for a, b in zip(first, second, strict=True)
            ),
            "norms": min(
                (others[k] / logs[k] for k in logs if "gradient_norm" in k and logs[k]),
                default=1.0,
            ),
            "losses": max(
                abs(logs[name] - others[name]) for name in logs if "loss" in name
            ),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
