"""Learning rates are lowered for good: constants, and schedules as a whole."""

import keras
import pytest

from kgan.rates import Slowed
from tests.conformance import games


def built(rate):
    game = games.build("product")
    game.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate))
    return game


def rates(game):
    return [
        float(side.optimizer.learning_rate) for side in (game.max_side, game.min_side)
    ]


def test_constants():
    game = built(0.5)
    game.slow(0.5)
    game.slow(0.5)
    assert rates(game) == [0.125, 0.125]


def test_schedules():
    """1 at first, 0.5 after 10 steps: halved, both."""
    game = built(keras.optimizers.schedules.ExponentialDecay(1.0, 10, 0.5))
    assert rates(game) == pytest.approx([1.0, 1.0])
    game.slow(0.5)
    assert rates(game) == pytest.approx([0.5, 0.5])
    for side in (game.max_side, game.min_side):
        side.optimizer.iterations.assign(10)
    assert rates(game) == pytest.approx([0.25, 0.25])
    assert [float(v) for v in game.state if v.name == "factor"] == [0.5, 0.5]


def test_a_slowed_schedule_is_saved():
    slowed = Slowed(keras.optimizers.schedules.ExponentialDecay(1.0, 10, 0.5), 0.5)
    plain = keras.saving.serialize_keras_object(slowed)
    assert float(keras.saving.deserialize_keras_object(plain)(10)) == pytest.approx(
        0.25
    )


def test_functions_are_refused():
    with pytest.raises(TypeError, match="rate of max is a function"):
        built(lambda: 0.1).slow(0.5)
