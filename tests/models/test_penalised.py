"""Terms that are due at some iterations only."""

from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf

from kgan.models.penalised import lazily
from kgan.networks.layers import BatchNorm


def player(synchronized):
    norm = BatchNorm(synchronized=synchronized)
    return keras.Sequential([keras.Input((3,)), norm])


@pytest.mark.parametrize(
    ("replicas", "synchronized", "calls"), [(1, True, 2), (2, False, 2), (2, True, 4)]
)
def test_replicas_that_wait_for_each_other_measure_each_time(
    replicas, synchronized, calls
):
    asked, asks = [], player(synchronized)

    def measure():
        asked.append(asks(tf.ones((2, 3)), training=True))
        return tf.constant([1.0, 2.0])

    found = []
    for iteration in range(4):
        game = SimpleNamespace(
            replicas=replicas, iteration=lambda n=iteration: tf.constant(n)
        )
        found.append(lazily(game, 2, measure, 2, asks).numpy().tolist())
    assert found == [[1.0, 2.0], [0.0, 0.0]] * 2 and len(asked) == calls
    assert not asks.layers[0].moving_mean.numpy().any()
