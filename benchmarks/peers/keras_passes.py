"""Sampling, Frechet distance and input in plain Keras."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks import material
from benchmarks.peers import keras_networks as networks
from benchmarks.peers.keras_training import facts


def measure(case, clock):
    """Repeats the pass until `clock` has enough; returns facts about the networks."""
    passes = {"disk": _disk, "cached": _cached}
    passes |= {"sampling": _sampling, "distance": _distance}
    return passes[case.kind](case, clock)


def _sampling(case, clock):
    generator = networks.generator(case)

    def draw():
        z = np.random.default_rng(0).standard_normal((case.count, case.latent), "f4")
        x = generator.predict(z, batch_size=case.batch, verbose=0)
        images = np.uint8(np.round((np.clip(x, -1.0, 1.0) + 1.0) * 127.5))
        assert images.shape == (case.count, *case.shape)

    clock.run(draw)
    return facts(generator, shape=case.shape)


def _distance(case, clock):
    features, classifier = networks.classifier(case)
    images = material.pixels(case)

    def moments(part):
        found = features.predict(part, batch_size=case.batch, verbose=0)
        found = found.astype(np.float64)
        return found.mean(0), np.cov(found, rowvar=False)

    real = moments(images[: case.count // 5])
    clock.run(lambda: frechet_distance(*moments(images), *real))
    return facts(classifier, shape=(10,))


def frechet_distance(mean, covariance, other_mean, other_covariance):
    """Returns the distance of `kgan.metrics.frechet_distance`, from both moments."""
    one, two = _root(covariance), _root(other_covariance)
    overlap = np.linalg.svd(one.T @ two, compute_uv=False).sum()
    traces = np.sum(one**2) + np.sum(two**2)
    return float(np.sum((mean - other_mean) ** 2) + traces - 2 * overlap)


def _root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(values.clip(0))


def _disk(case, clock):
    with tempfile.TemporaryDirectory() as folder:
        material.write_pictures(Path(folder) / "pictures", case.count)
        pictures = keras.utils.image_dataset_from_directory(
            Path(folder) / "pictures",
            labels=None,
            batch_size=case.batch,
            image_size=case.shape[:2],
            crop_to_aspect_ratio=True,
            verbose=False,
        )
        ready = _ready(pictures)

        def epochs():
            for _ in range(case.epochs):
                _once(ready)

        clock.run(epochs)
    return {}


def _cached(case, clock):
    held = tf.data.Dataset.from_tensor_slices(material.pixels(case))
    ready = _ready(held.shuffle(1024).batch(case.batch, drop_remainder=True))
    clock.run(lambda: _once(ready))
    return {}


def _ready(batches):
    return batches.map(
        lambda x: tf.cast(x, tf.float32) / 127.5 - 1.0,
        num_parallel_calls=tf.data.AUTOTUNE,
    ).prefetch(tf.data.AUTOTUNE)


def _once(batches):
    for _ in batches:
        pass
