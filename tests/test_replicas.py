"""How replicas share the rounds of a batch; `tests/conformance` plays with two."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.game import Game
from kgan.replicas import deal


@pytest.mark.parametrize("rounds, replicas", [(3, 2), (1, 2), (2, 1), (2, 3)])
def test_each_part_holds_its_share_of_each_round(rounds, replicas):
    batch = np.arange(rounds * 6 * 2).reshape(rounds * 6, 2)
    dealt = deal({"real": tf.constant(batch)}, rounds, replicas)["real"].numpy()
    whole = batch.reshape(rounds, 6, 2)
    for k, part in enumerate(np.split(dealt, replicas)):
        for number, own in enumerate(np.split(part, rounds)):
            share = np.split(whole[number], replicas)[k]
            np.testing.assert_array_equal(own, share)


def test_one_replica_takes_a_batch_as_it_is():
    data = tf.data.Dataset.range(3)
    assert Game(max_steps=5).dealt(data) is data
