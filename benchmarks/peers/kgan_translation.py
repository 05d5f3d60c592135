"""kgan's translations: the way of bin/train_gan, and the compiled step alone."""

import tempfile

import numpy as np

from benchmarks import limit, material
from benchmarks.peers.kgan_training import learned, play, run_of
from kgan.configs import cyclegan, pix2pix
from kgan.data import Domains

DEPTH = 3  # patches of 70x70, as in both papers
SHOWN = 4  # held-out images of each domain
UPDATES = 80_000  # as many as pix2pix's authors take on facades, with 40 sample grids


def measure(case, clock, *, bare=False, jit="auto"):
    """Trains until `clock` has enough; returns the facts of the networks."""
    with tempfile.TemporaryDirectory() as folder:
        settings = variant(case).build, dataset(case), config(case), folder, jit
        run = run_of(*settings)
        game = play(run, case, clock, batch(case) if bare else None)
    return facts(case, game)


def variant(case):
    return pix2pix if case.ways == 1 else cyclegan


def config(case):
    """What bin/train_gan would be told with --config."""
    return variant(case).Config(
        updates=UPDATES,
        batch_size=case.batch,
        network=case.network,
        width=case.width,
        depth=DEPTH,
        pool=case.pool,
        decay=0.0,  # which the peers have not either
        discriminator_rate=case.rate,
        generator_rate=case.rate,
        momentum=case.betas[0],
        beta_2=case.betas[1],
    )


def dataset(case):
    source, target = material.domains(case)
    shown = {"source": source[:SHOWN], "real": target[:SHOWN]}
    return Domains("made up", source, target, case.ways == 1, shown)


def batch(case):
    parts = [one[: case.images] for one in material.domains(case)]
    source, real = (np.float32(one / 127.5 - 1.0) for one in parts)
    return {"source": source, "real": real}


def facts(case, game):
    """What must agree between peers, and the operations of one unit of work."""
    generators, discriminators = game.min_players(), game.max_players()
    counts = [limit.forward(one[0]) for one in (generators, discriminators)]
    return {
        "parameters": [learned(one) for one in (*generators, *discriminators)],
        "shape": list(generators[0].output_shape[1:]),
        "operations": limit.of_translation(case, *counts),
    }
