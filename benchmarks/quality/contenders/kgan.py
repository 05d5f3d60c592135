"""kgan as its users run it: all of bin/train_gan, asked for so many hours."""

import os
import signal
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kgan import variants
from kgan.data import arrays
from kgan.errors import UserError
from kgan.training.options import Options
from kgan.training.run import Variant, prepare

DRAWN = 100  # at a time


def train(images, watch, task, *, variant, settings=None):
    """Trains a variant with its defaults; returns its lines and its versions."""
    module, said = variants.load(variant), []
    config = module.Config(seed=task.seed, **settings or {})
    data = arrays.images(images, name=task.race)
    leaving = _Leaving(watch)
    options = Options(
        hours=task.minutes / 60,
        callbacks=(leaving,),
        log=lambda line: said.append(line),
    )
    watch.start()
    with tempfile.TemporaryDirectory() as folder:
        trainer = prepare(
            Variant.of(variant, module), data, config, Path(folder) / "run", options
        )
        leaving.each = trainer.config.examples_per_step
        try:
            trainer.train()
        except UserError:
            if not watch.enough:  # else it says that it was stopped, as it should be
                raise
    versions = {"tensorflow": tf.__version__, "keras": keras.__version__}
    # Where it lay tells nothing, and is no longer there.
    told = [line for line in said if folder not in line]
    return {"versions": versions, "log": told}


class _Leaving(keras.callbacks.Callback):
    """Asks the watch after every call of the graph, and stops the run when it is over."""

    def __init__(self, watch):
        super().__init__()
        self.watch, self.each, self.images = watch, 0, 0

    def on_train_batch_end(self, batch, logs=None):
        self.images += self.each * self.model.steps_per_execution
        if not self.watch.goes_on(self.images, self._draw):
            os.kill(os.getpid(), signal.SIGTERM)  # as a user would end a run

    def on_train_end(self, logs=None):
        self.watch.finish(self.images, self._draw)

    def _draw(self, n):
        parts = [
            self.model.generate(min(DRAWN, n - start), seed=start)
            for start in range(0, n, DRAWN)
        ]
        return np.concatenate(parts)
