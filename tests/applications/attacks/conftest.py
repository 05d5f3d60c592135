"""A small classifier to attack."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attacks

SHAPE = (6, 6, 1)


@pytest.fixture(scope="module")
def known():
    """A small trained network, images in [0, 1], and their labels."""
    random = np.random.default_rng(0)
    means = random.uniform(0.3, 0.7, (3, *SHAPE))
    label = random.integers(3, size=240).astype("int32")
    x = np.clip(means[label] + random.normal(0, 0.15, (240, *SHAPE)), 0, 1)
    x = x.astype("float32")
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Flatten(), keras.layers.Dense(16, "relu")]
    net = keras.Sequential([keras.Input(SHAPE), *layers, keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(0.01), loss)
    net.fit(x, label, epochs=10, verbose=0)
    logits = attacks.logits_of(net, (0, 1))
    return logits, tf.constant(x[:60]), tf.constant(label[:60])
