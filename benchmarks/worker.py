"""Makes one measurement, and prints it as a line of JSON.

python -m benchmarks.worker '{"case": "ring", "peer": "torch", "seconds": 10}'

The case is a name, or a dict of a `Case`'s fields.
"""

import json
import os
import resource
import sys

from benchmarks import limit
from benchmarks.cases import CASES, Case
from benchmarks.clock import WARM, Clock
from benchmarks.peers import PEERS
from kgan.errors import UserError


def measured(case, peer, seconds):
    """Runs a case for `seconds`, and then measures the peak of the machine.

    Returns:
        A dict: seconds of a unit of work, the number of units, seconds of start and
        compilation, images/s, the machine's peak in GFLOP/s with this peer's framework,
        the share of the processors that was busy before, versions, the most memory that
        this process held, in bytes, and the facts that the peer returns of its networks.
    """
    busy = limit.busy()
    clock = Clock(seconds, WARM if case.trains else 1)
    facts = peer.module(case.kind).measure(case, clock, **peer.options)
    if not clock.units:
        raise UserError(
            f"{case.name}, {peer.name}", "over before it had warmed up", exit_code=1
        )
    each = clock.elapsed / clock.units
    memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": each,
        "units": clock.units,
        "startup": clock.startup,
        "images_per_second": case.images / each,
        "memory": memory,
        "peak": limit.peak(_product(peer.framework)),
        "busy": busy,
        "versions": _versions(peer.framework),
        **facts,
    }


def _product(framework):
    if framework == "torch":
        from benchmarks.peers.torch_training import product

        return product()
    import tensorflow as tf

    from kgan.training.environment import threads

    one = tf.random.uniform((limit.SIDE, limit.SIDE))
    if threads() != 1:
        return lambda: tf.matmul(one, one).numpy()
    parts = tf.split(one, len(os.sched_getaffinity(0)))  # each by a thread of its own
    multiply = tf.function(lambda: [tf.matmul(part, one) for part in parts])
    return lambda: [part.numpy() for part in multiply()]


def _versions(framework):
    names = {"torch": ["torch"]}.get(framework, ["tensorflow", "keras"])
    return {name: sys.modules[name].__version__ for name in names}


def main():
    """Measures the case of the command line, and prints the results as JSON."""
    from kgan.cli import app

    app.quieten()
    asked = json.loads(sys.argv[1])
    case, peer = asked["case"], PEERS[asked["peer"]]
    case = CASES[case] if isinstance(case, str) else Case.of(case)
    if case.network == "plane" and peer.framework == "kgan":
        app.one_thread()  # as bin/reproduce_paper has it
    print(json.dumps(measured(case, peer, asked["seconds"])))


if __name__ == "__main__":
    main()
