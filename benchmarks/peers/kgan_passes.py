"""Sampling, Frechet distance and input in kgan, as its binaries do them."""

import os
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from benchmarks import limit, material
from benchmarks.peers.kgan_training import learned, spec
from kgan import metrics
from kgan.configs import gan
from kgan.data import arrays, batches, load, steps_per_pass
from kgan.data.kinds import Image
from kgan.evaluation import SavedModelSource
from kgan.evaluation.collected import Collected
from kgan.export.saved_model import export_generator
from kgan.metrics import Classifier, ClassifierFeatures
from kgan.metrics.network import build_network

CLASSES = 10
STEPS = 16  # in one call of a graph; a training takes up to 20


def measure(case, clock):
    """Repeats the pass until `clock` has enough; returns facts about the networks."""
    return {
        "sampling": _sampling,
        "distance": _distance,
        "disk": _disk,
        "cached": _cached,
    }[case.kind](case, clock)


def game_of(case):
    """Returns an untrained game, whose generator takes as long as a trained one."""
    config = gan.Config(network=case.network, width=case.width, latent=case.latent)
    return gan.build(config, spec(case))


def classifier(case):
    """Returns an untrained classifier, which takes as long as a trained one."""
    return build_network(case.shape, CLASSES, seed=0)


def facts(case, network):
    """Returns facts about a network that a pass takes every image through once."""
    return {
        "parameters": [learned(network)],
        "shape": list(network.output_shape[1:]),
        "operations": case.count * sum(limit.forward(network)),
    }


def _sampling(case, clock):
    game = game_of(case)
    with tempfile.TemporaryDirectory() as folder:
        export_generator(game, Path(folder) / "generator")
        source = SavedModelSource(Path(folder) / "generator")

        def draw():
            images = np.concatenate([i for i, _ in source.batches(case.count, seed=0)])
            assert images.shape == (case.count, *case.shape)

        clock.run(draw)
    return facts(case, game.generator)


def _distance(case, clock):
    network = classifier(case)
    features = ClassifierFeatures(Classifier(network, 0.0, ""), "made up")
    images = material.pixels(case)
    real = Collected.of(features, images[: case.count // 5])

    def distance():
        generated = Collected.of(features, images)
        metrics.frechet_distance(generated.moments, real.moments)

    clock.run(distance)
    return facts(case, network)


def _disk(case, clock):
    os.environ["KGAN_CACHE_DIR"] = "off"  # each pass decodes, as the peers' do
    with tempfile.TemporaryDirectory() as folder:
        material.write_pictures(Path(folder) / "pictures", case.count)

        def read():
            side = case.shape[0]
            images = load(
                Path(folder) / "pictures", image_size=side, log=lambda line: None
            )
            _batches(images, case)

        clock.run(read)
    return {}


def _cached(case, clock):
    images = arrays.images(material.pixels(case), name="made up")
    endless = iter(batches(images, case.batch, seed=0))
    steps = steps_per_pass(images, case.batch)

    def epoch():
        for _ in range(steps // STEPS):
            _several(endless)

    clock.run(epoch)
    return {}


def _batches(images, case):
    steps = steps_per_pass(images, case.batch) * case.epochs
    for batch in batches(images, case.batch, seed=0).take(steps):
        _ready(batch["real"])


@tf.function
def _several(endless):
    """Takes batches as the graph of a training does, which asks for them by itself."""
    total = 0.0
    for _ in tf.range(STEPS):
        # A number of each batch, or TensorFlow would leave the conversion out.
        total += Image().to_network(next(endless)["real"])[0, 0, 0, 0]
    return total


@tf.function(autograph=False)
def _ready(pixels):
    """Converts images to what networks take, as a training step does first."""
    return Image().to_network(pixels)
