"""Short games on rings and grids of Gaussians, watched as kgan.training.trainer watches a run."""

import json

import keras
import numpy as np
import tensorflow as tf
from kgan.configs.choices import OBJECTIVES

from kgan.callbacks import TensorBoardWriter
from kgan.data.sources.points import grid, ring
from kgan.files import write_text
from kgan.health.callback import Health
from kgan.health.signals import Signals
from kgan.models import GAN
from kgan.networks import plane

MIXTURES = {"ring": ring(0.05), "grid": grid()}
SIZE, LOOKED_AT, KNOWN = 256, 128, 1000
AT_ONCE = 20  # descents per call of the graph
EPOCHS = 5


def play(case, seed, workdir, log):
    """Trains `case` and leaves health.csv and run.json in `workdir`."""
    mixture, fields = MIXTURES[case.data], case.fields
    keras.utils.set_random_seed(seed)
    game = GAN(
        plane.generator(),
        plane.discriminator(),
        objective=OBJECTIVES[fields["objective"]](),
        seed=seed,
        min_steps=fields["generator_steps"],
    )
    rates = fields["discriminator_rate"], fields["generator_rate"]
    game.compile(
        *(keras.optimizers.Adam(rate, fields["momentum"], 0.99) for rate in rates),
        steps_per_execution=AT_ONCE // game.min_steps,
    )
    workdir.mkdir(parents=True)
    write_text(workdir / "run.json", json.dumps({"config": fields}))
    tensorboard = TensorBoardWriter(workdir, log)
    health = Health(
        workdir, tensorboard, _signals(game, mixture, seed), fields, log=log
    )
    for callback in (tensorboard, health):
        callback.resume(None)
    game.fit(
        mixture.batches(SIZE * game.min_steps, seed),
        epochs=EPOCHS,
        steps_per_epoch=fields["updates"] // game.min_steps // EPOCHS,
        callbacks=[health, tensorboard],
        verbose=0,
    )


def _signals(game, mixture, seed):
    """Classes are modes: a point is of the one whose centre is nearest."""

    def drawn(count, part):
        return mixture.draw(count, tf.constant([seed, part]))

    known = drawn(KNOWN, -3).numpy()
    away = np.linalg.norm(known[:, None] - mixture.centres, axis=-1)
    batch, unseen = ({"real": drawn(LOOKED_AT, part)} for part in (-1, -2))
    return Signals(game, batch, unseen, (known, away.argmin(-1)))
