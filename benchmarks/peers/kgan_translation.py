"""Translations in kgan: all that bin/train_gan does, or the compiled step alone."""

import tempfile

from benchmarks import limit, material
from benchmarks.peers.kgan_training import Run, learned, play
from kgan.configs import cyclegan, pix2pix
from kgan.data import Field, Spec, arrays
from kgan.data.kinds import Image

DEPTH = 3  # patches of 70x70, as in both papers
SHOWN = 4  # held-out images of each domain
UPDATES = 80_000  # as many as pix2pix's authors take on facades, with 40 sample grids


def measure(case, clock, *, bare=False, jit="auto"):
    """Trains until `clock` has enough; returns facts about the networks."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(variant(case).build, dataset(case), config(case), folder, jit)
        game = play(run, case, clock, batch(case) if bare else None)
    return facts(case, game)


def variant(case):
    """Returns the config module of the variant of a case."""
    return pix2pix if case.ways == 1 else cyclegan


def config(case):
    """Returns the configuration that bin/train_gan would be given."""
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
    """Returns the `Dataset` of a case, with its two domains."""
    source, target = material.domains(case)
    shown = source[:SHOWN], target[:SHOWN]
    return arrays.domains(
        source, target, paired=case.ways == 1, name="made up", held_out=shown
    )


def spec(case):
    """Returns the `Spec` that a game between two domains is built for."""
    return Spec(dict.fromkeys(("source", "real"), Field(case.shape, "uint8", Image())))


def batch(case):
    """Returns a batch as it is stored."""
    source, real = (one[: case.images] for one in material.domains(case))
    return {"source": source, "real": real}


def facts(case, game):
    """Returns what must agree between peers, and the operations of a unit of work."""
    generators, discriminators = game.min_players(), game.max_players()
    counts = [limit.forward(one[0]) for one in (generators, discriminators)]
    return {
        "parameters": [learned(one) for one in (*generators, *discriminators)],
        "shape": list(generators[0].output_shape[1:]),
        "operations": limit.of_translation(case, *counts),
    }
