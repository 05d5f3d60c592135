"""Short games on rings and grids of Gaussians, watched as a run is watched."""

import json

import keras
import numpy as np
from kgan.configs.choices import OBJECTIVES

from kgan.callbacks import TensorBoardWriter
from kgan.data import batches
from kgan.data.sources import points
from kgan.files import write_text
from kgan.health.callback import Health
from kgan.health.signals import Signals
from kgan.models import GAN
from kgan.networks import points as point_networks

MIXTURES = {"ring": points.ring(0.05), "grid": points.grid()}
SIZE, LOOKED_AT, KNOWN = 256, 128, 1000
AT_ONCE = 20  # descents per call of the graph
EPOCHS = 5


def play(case, seed, workdir, log):
    """Trains `case` and leaves health.csv and run.json in `workdir`."""
    mixture, fields = MIXTURES[case.data], case.fields
    keras.utils.set_random_seed(seed)
    game = GAN(
        point_networks.generator(),
        point_networks.discriminator(),
        objective=OBJECTIVES[fields["objective"]](),
        seed=seed,
        min_steps=fields["generator_steps"],
    )
    rates = fields["discriminator_rate"], fields["generator_rate"]
    game.compile(
        **(keras.optimizers.Adam(rate, fields["momentum"], 0.99) for rate in rates),
        steps_per_execution=AT_ONCE // game.min_steps,
    )
    workdir.mkdir(parents=True)
    write_text(workdir / "run.json", json.dumps({"config": fields}))
    tensorboard = TensorBoardWriter(workdir, log)
    health = Health(tensorboard, _signals(game, mixture, seed), fields, log=log)
    for callback in (tensorboard, health):
        callback.resume(None)
    data = points.mixture(mixture, case.data)
    game.fit(
        batches(data, SIZE * game.rounds, seed=seed),
        epochs=EPOCHS,
        steps_per_epoch=fields["updates"] // game.min_steps // EPOCHS,
        callbacks=[health, tensorboard],
        verbose=0,
    )


def _signals(game, mixture, seed):
    """Classes are modes: a point is of the one whose centre is nearest."""

    def drawn(count, part):
        return mixture.draw(count, [seed, part]).numpy()

    known = drawn(KNOWN, -3)
    away = np.linalg.norm(known[:, None] - mixture.centres, axis=-1)
    batch, unseen = ({"real": drawn(LOOKED_AT, part)} for part in (-1, -2))
    return Signals(game, batch, unseen, (known, away.argmin(-1)))
