"""Trains as one of two workers; prints what came of it.

Usage: workers.py FOLDER
A program of its own, as workers can meet only once in a process, before all else.
"""

import json
import signal
import sys

from kgan.training.follower import Follower
from tests.training import mirrored


def main(folder):
    given = (f"{folder}/run", 2, "workers")
    stopped = hear_signal(lambda: mirrored.refused(*given, steps_per_execution=1))
    game, told = mirrored.trained(*given, steps_per_execution=1)
    found = {"told": told, "weights": mirrored.digest(game), "stopped": stopped}
    print(json.dumps(found))


def hear_signal(call):
    """What `call` returns, in which the worker that is not the chief hears SIGTERM.

    That is when it is asked for the fourth time: before the epoch and before each step.
    """
    must_stop, asked = Follower._must_stop, []

    def heard(follower):
        asked.append(1)
        if len(asked) == 4:
            signal.raise_signal(signal.SIGTERM)
        return must_stop(follower)

    Follower._must_stop = heard
    try:
        return call()
    finally:
        Follower._must_stop = must_stop


if __name__ == "__main__":
    main(sys.argv[1])
