#!/usr/bin/env python3
"""Trains games with two workers, two mirrored replicas and one, and compares their weights.

    python tests/durability/long_replicas.py --steps=1000

Each of these is a process of its own, on one core, from the same configuration and seed.
Both workers and the mirrored replicas have to end with the same bits. One replica takes
sums in another order. Adam makes whole steps of gradients that are nearly nothing, and a game
carries differences on from step to step; so the distance to one replica, at most 1e-5, is that
of one epoch of plain gradient descent.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from absl import app, flags

# name -> (variant, fields), each on the data set that the variant has by default.
GAMES = {
    "infogan": ("infogan", {"width": 8, "batch_size": 64}),
    "dcgan": ("dcgan", {"width": 8, "batch_size": 32}),  # with batch norm
    "wgan_gp": (
        "gan",
        {"objective": "wasserstein", "penalty": "wgan_gp", "discriminator_steps": 5},
    ),
    "cyclegan": ("cyclegan", {"width": 4, "batch_size": 8}),
}
PLAIN = {"optimizer": "sgd", "momentum": 0.0}
# Two steps: in 89 its instance norm, which divides by what is nearly nothing in even images,
# makes 1e-2 of rounding.
FEWER = {"cyclegan": {"batch_size": 240, "pool": 240}}
FARTHEST = 1e-5
FLAGS = flags.FLAGS
flags.DEFINE_integer("steps", 1000, "Descents of G.", lower_bound=1)
flags.DEFINE_multi_enum("game", list(GAMES), list(GAMES), "Which games.")
flags.DEFINE_string("role", "", "What this process does; for internal use.")
flags.DEFINE_bool("plain", False, "Whether by gradient descent; for internal use.")
flags.DEFINE_string("folder", "", "Where it does it; for internal use.")


def play(role, name, steps, folder):
    """Trains a game in this process; prints its digest and writes its weights."""
    import numpy as np

    import kgan
    from tests.training import mirrored

    if role == "mirrored":
        mirrored.split_cpu()
    variant, fields = GAMES[name]
    if FLAGS.plain:
        fields = fields | PLAIN | FEWER.get(name, {})
    task = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {"index": 0})
    game = kgan.train(
        variant,
        workdir=f"{folder}/{role}",
        strategy=role,
        updates=steps,
        grids=1,
        **fields,
    ).game
    Path(folder).mkdir(exist_ok=True)
    np.savez(f"{folder}/{role}-{task['index']}.npz", *mirrored.weights(game))
    print(mirrored.digest(game))


def begun(role, name, steps, folder, plain=False, **environment):
    """A process that plays one role."""
    told = [
        f"--role={role}",
        f"--game={name}",
        f"--steps={steps}",
        f"--folder={folder}",
    ]
    one_core = {f"TF_NUM_{kind}_THREADS": "1" for kind in ("INTRAOP", "INTEROP")}
    return subprocess.Popen(
        [sys.executable, __file__, *told, f"--plain={plain}"],
        env=os.environ | one_core | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    """The last line that a process prints."""
    out, told = process.communicate()
    if process.returncode:
        sys.exit(told[-3000:])
    return out.splitlines()[-1]


def pair(name, steps, folder):
    """Two workers of one cluster."""
    from tests.training.clusters import configs

    return [begun("workers", name, steps, folder, TF_CONFIG=one) for one in configs()]


def same_bits(name, steps, folder):
    """Whether two workers and two mirrored replicas end with the same bits."""
    digests = [ended(one) for one in pair(name, steps, folder)]
    digests.append(ended(begun("mirrored", name, steps, folder)))
    return len(set(digests)) == 1


def distance(name, folder):
    """The largest difference of a weight between two replicas and one, after an epoch."""
    import numpy as np

    for one in [
        begun(role, name, 1, folder, plain=True) for role in ("mirrored", "one")
    ]:
        ended(one)
    two, one = (np.load(f"{folder}/{role}-0.npz") for role in ("mirrored", "one"))
    return max(float(np.abs(one[key] - two[key]).max()) for key in one.files)


def main(_):
    if FLAGS.role:
        play(FLAGS.role, FLAGS.game[0], FLAGS.steps, FLAGS.folder)
        return
    right = []
    for name in FLAGS.game:
        with tempfile.TemporaryDirectory() as folder:
            far = distance(name, f"{folder}/few")
            same = same_bits(name, FLAGS.steps, folder)
        right.append(same and far <= FARTHEST)
        print(
            f"{name}: both workers and two mirrored replicas "
            f"{'equal' if same else 'DIFFER'} after {FLAGS.steps:,} steps; {far:.1e} from "
            f"one replica after an epoch",
            flush=True,
        )
    sys.exit(not all(right))


if __name__ == "__main__":
    app.run(main)
