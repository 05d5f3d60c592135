"""Training in kgan: all that bin/train_gan does, or the compiled step alone."""

import itertools
import math
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import tensorflow as tf

from benchmarks import limit, material
from kgan.configs import gan, infogan
from kgan.data import Dataset, Field, Spec, arrays
from kgan.data.kinds import Image
from kgan.data.sources.points import ring
from kgan.errors import UserError
from kgan.health import CHECK_EVERY
from kgan.models import GAN
from kgan.networks import points as point_networks
from kgan.optimizers import Adam
from kgan.training.options import Options
from kgan.training.run import Variant, prepare
from kgan.training.steps import compiled_steps
from kgan.training.tuning import MOST_STEPS_PER_EXECUTION

TOGETHER = 500  # steps of the ring's game in one call; its table takes 1,000


def measure(case, clock, *, bare=False, jit="auto", precision="float32"):
    """Trains until `clock` has enough; returns facts about the networks."""
    if case.network == "plane":
        keras.config.set_dtype_policy(precision)  # for this process
        game = on_the_ring(case, jit)
        work = bare_work(game, batch(case)) if bare else _ring_work(game, case)
        clock.run(work, game.steps_per_execution)
        return facts(case, game)
    with tempfile.TemporaryDirectory() as folder:
        given = build(case), dataset(case), config(case)
        run = Run(*given, folder, jit, precision)
        game = play(run, case, clock, batch(case) if bare else None)
    return facts(case, game)


def play(run, case, clock, bare=None):
    """Trains until `clock` has enough; returns the game.

    Args:
        run: a `Run`.
        case: a `Case`.
        clock: a `Clock`.
        bare: a batch for the step alone; None for the whole run.
    """
    if bare is None:
        return _whole_run(run, case, clock)
    game = run.prepare().game
    clock.run(bare_work(game, bare), game.steps_per_execution)
    return game


def config(case):
    """Returns the configuration that bin/train_gan would be given."""
    rates = {"discriminator_rate": case.rate, "generator_rate": case.rate}
    plain = {
        "batch_size": case.batch,
        "network": case.network,
        "width": case.width,
        "latent": case.latent,
        "discriminator_steps": case.critic_steps,
        "momentum": case.betas[0],
        "beta_2": case.betas[1],
        "ema": 0.0,  # which the peers do not keep either
        **rates,
    }
    if case.critic:
        plain |= {"objective": "wasserstein", "penalty": "wgan_gp"}
        plain |= {"penalty_weight": case.penalty, "discriminator_norm": "none"}
    if case.continuous:
        code = {"categories": case.categories, "continuous": case.continuous}
        plain = {"discriminator_norm": "batch"} | plain  # as the peers have it
        return infogan.Config(**plain, **code)
    return gan.Config(**plain)


def build(case):
    """Returns the variant's function: (config, spec) -> the compiled game."""
    return (infogan if case.continuous else gan).build


def on_the_ring(case, jit):
    """Returns the game of bin/reproduce_paper --table=ring."""
    game = GAN(
        point_networks.generator(width=case.width),
        point_networks.discriminator(width=case.width),
    )
    game.compile(
        max_optimizer=Adam(case.rate, *case.betas),
        min_optimizer=Adam(case.rate, *case.betas),
        steps_per_execution=TOGETHER,
        jit_compile=jit == "on",
    )
    return game


def facts(case, game):
    """Returns what must agree between peers, and the operations of a unit of work."""
    score = game.discriminator
    if isinstance(score.output, dict):
        score = keras.Model(score.input, score.output["score"])
    counts = [limit.forward(n) for n in (game.generator, score, game.discriminator)]
    return {
        "parameters": [learned(game.generator), learned(game.discriminator)],
        "shape": list(game.generator.output_shape[1:]),
        "operations": limit.of_step(case, *counts),
    }


def learned(network):
    """Returns the number of trainable parameters of a network."""
    return sum(math.prod(w.shape) for w in network.trainable_variables)


def dataset(case):
    """Returns the `Dataset` of a case."""
    return arrays.images(material.pixels(case), name="made up")


def spec(case):
    """Returns the `Spec` that a game of images is built for."""
    return Spec({"real": Field(case.shape, "uint8", Image())})


class Run(NamedTuple):
    """A run as bin/train_gan makes it, without output."""

    build: Callable
    data: Dataset
    config: object
    folder: str
    jit: str
    precision: str = "float32"

    def prepare(self):
        """Returns the `Trainer` of the run."""
        variant = Variant(self.build.__module__.split(".")[-1], self.build)
        rules = {"jit": self.jit, "precision": self.precision}
        options = Options(**rules, log=lambda line: None)
        workdir = Path(self.folder) / "run"
        return prepare(variant, self.data, self.config, workdir, options)


def _whole_run(run, case, clock):
    """Runs all that bin/train_gan does, with a clock in the game's compiled function."""
    games = []

    def make(*arguments):
        games.append(run.build(*arguments))
        _time(games[0], clock)
        return games[0]

    steps = case.count // case.images
    # The first epoch ends with the first grid of samples, and the first check of health
    # compiles what it looks at; the nets of short epochs are too slow to wait for that.
    short = steps <= MOST_STEPS_PER_EXECUTION
    clock.warm = steps + 1 if short else CHECK_EVERY + 1
    try:
        run._replace(build=make).prepare().train()
    except UserError:
        if clock.elapsed < clock.seconds:
            raise
    return games[0]


def _time(game, clock):
    """Counts every call of `train_function` with `clock`, and ends the run with it."""
    make = game.make_train_function

    def make_timed(*arguments, **options):
        make(*arguments, **options)
        call = game.train_function

        def timed(batches):
            logs = call(batches)
            if clock.tick(game.steps_per_execution):
                os.kill(os.getpid(), signal.SIGTERM)  # as a user would end a run
            return logs

        game.train_function = timed

    game.make_train_function = make_timed


def _ring_work(game, case):
    """Returns work on data that are drawn inside of the graph, as a table does it."""
    train, calls = compiled_steps(game, ring().draw, case.batch), itertools.count()
    return lambda: train(TOGETHER, (0, next(calls)))


def bare_work(game, batch):
    """Returns a function that runs the step alone, as often as one call of a run."""
    game.track = lambda name, values: None
    game.means = dict

    @tf.function(jit_compile=game.jit_compile, autograph=False)
    def step(batch):
        game.train_step(batch)

    @tf.function(autograph=False)
    def steps(batch):
        def one(i):
            step(batch)
            return [i + 1]

        last = game.steps_per_execution
        tf.while_loop(lambda i: i < last, one, [0], parallel_iterations=1)

    held = tf.nest.map_structure(tf.constant, batch)
    return lambda: steps(held)


def batch(case):
    """Returns a batch as it is stored."""
    if case.network == "plane":
        return material.points(case.images)
    return material.pixels(case, case.images)
