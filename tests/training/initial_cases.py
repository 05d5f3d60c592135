"""Runs to start from, and runs that start from them."""

import numpy as np

from kgan.data import arrays
from kgan.training import initial
from kgan.training.checkpoint import Checkpoints
from kgan.training.loop import Position
from kgan.training.options import Options
from kgan.training.run import Variant, prepare
from kgan.variants import load

SMALL = {"width": 2, "batch_size": 8}


def silent(line):
    """Says nothing."""


def images(seed=0, classes=0, shape=(8, 8, 1)):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (40, *shape), np.uint8)
    names = tuple("abcdefg"[:classes])
    labels = np.arange(40) % classes if classes else None
    return arrays.images(pixels, labels, name="noise", classes=names)


def kept(folder, variant="gan", data=None, seed=7, **config):
    """Leaves a run as if it had been trained: weights by chance, after two epochs."""
    module = load(variant)
    options = Options(log=silent, steps_per_execution=1)
    settings = module.Config(**SMALL | {"epochs": 2} | config)
    named = Variant.of(variant, module)
    trainer = prepare(named, data or images(), settings, folder, options)
    generator = np.random.default_rng(seed)
    for network in initial.networks(trainer.game).values():
        for variable in initial.weights(network):
            variable.assign(generator.normal(size=variable.shape))
    folder.mkdir()
    checkpoints = Checkpoints(trainer.game, folder)
    checkpoints.begin(silent)
    checkpoints.save(Position(2, 0), {})
    trainer.record.write(folder)
    return folder


def prepared(folder, source, data=None, variant="gan", log=silent, **config):
    """The trainer of a run that starts from `source`, which has written nothing."""
    module = load(variant)
    options = Options(init_from=source, log=log, steps_per_execution=1)
    settings = module.Config(**SMALL | {"epochs": 2} | config)
    data = data or images(1)
    return prepare(Variant.of(variant, module), data, settings, folder, options, load)


def values(network):
    return [variable.numpy() for variable in initial.weights(network)]


def same(first, second):
    pairs = zip(first, second, strict=True)
    return all(np.array_equal(one, two) for one, two in pairs)
