"""Learning rates that change."""

import keras
import pytest

from kgan.schedules import LinearDecay


def test_linear_decay_by_hand():
    rates = [float(LinearDecay(0.2, 100)(step)) for step in (0, 50, 75, 99, 100, 150)]
    assert rates == pytest.approx([0.2, 0.2, 0.1, 0.004, 0.0, 0.0])
    assert float(LinearDecay(0.2, 100, share=1.0)(50)) == pytest.approx(0.1)


def test_an_optimizer_keeps_it():
    optimizer = keras.optimizers.Adam(LinearDecay(0.2, 4))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    for one in (optimizer, again):
        one.build([keras.Variable([1.0])])
        one.iterations.assign(3)
        assert float(one.learning_rate) == pytest.approx(0.1)
