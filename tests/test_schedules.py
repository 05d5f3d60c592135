"""Numbers that change with the iteration counter."""

import keras
import numpy as np
import pytest

from kgan.schedules import HalfLife, ScaledSchedule, Schedule, scheduled
from tests.conformance import games


def at(schedule, *iterations):
    return [float(schedule(i)) for i in iterations]


def test_a_line_by_hand():
    late = Schedule(0.2, steps=100, share=0.5)
    assert at(late, 0, 50, 75, 99, 100, 150) == pytest.approx(
        [0.2, 0.2, 0.1, 0.004, 0.0, 0.0]
    )
    assert at(Schedule(0.2, steps=100), 50) == pytest.approx([0.1])
    assert at(Schedule(1.0, 3.0, steps=4), 0, 1, 4, 9) == pytest.approx([1, 1.5, 3, 3])


def test_half_a_cosine_by_hand():
    """Keras' own, as it falls to nothing."""
    ours = Schedule(0.2, steps=10, shape="cosine")
    keras_own = keras.optimizers.schedules.CosineDecay(0.2, 10)
    steps = range(13)
    np.testing.assert_allclose(at(ours, *steps), at(keras_own, *steps), atol=1e-6)
    up = Schedule(0.0, 2.0, steps=2, shape="cosine")
    assert at(up, 0, 1, 2) == pytest.approx([0, 1, 2], abs=1e-6)


def test_warm_up_rises_from_the_first_iteration():
    assert at(Schedule(0.4, warm_up=4), 0, 1, 3, 4, 9) == pytest.approx(
        [0.1, 0.2, 0.4, 0.4, 0.4]
    )


def test_constant_and_plain_numbers():
    assert at(Schedule(0.3, shape="constant", steps=5), 0, 9) == pytest.approx(
        [0.3] * 2
    )
    assert scheduled(0.3, 7) == 0.3
    assert float(scheduled(Schedule(1.0, steps=2), 1)) == 0.5


@pytest.mark.parametrize("wrong", [{"shape": "step"}, {"share": 0.0}, {"share": 1.5}])
def test_what_is_no_schedule(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Schedule(1.0, steps=3, **wrong)


def test_an_optimizer_keeps_it():
    optimizer = keras.optimizers.Adam(Schedule(0.2, steps=4, share=0.5))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    for one in (optimizer, again):
        one.build([keras.Variable([1.0])])
        one.iterations.assign(3)
        assert float(one.learning_rate) == pytest.approx(0.1)


def built(rate, max_steps=1):
    game = games.build("product")
    game.max_steps = max_steps
    game.compile(
        max_optimizer=keras.optimizers.SGD(rate),
        min_optimizer=keras.optimizers.SGD(rate),
    )
    return game


def rates(game):
    return [
        float(side.optimizer.learning_rate) for side in (game.max_side, game.min_side)
    ]


def test_rates_are_functions_of_the_games_iterations():
    """Five ascents of D are one iteration: both rates fall alike."""
    game = built(Schedule(1.0, steps=4), max_steps=5)
    game.max_optimizer.iterations.assign(10)
    game.min_optimizer.iterations.assign(2)
    assert rates(game) == pytest.approx([0.5, 0.5])


def test_constants_are_scaled():
    game = built(0.5)
    game.scale_learning_rates(0.5)
    game.scale_learning_rates(0.5)
    assert rates(game) == [0.125, 0.125]


def test_schedules_are_scaled():
    """1 at first, 0.5 after 10 steps: halved, both."""
    game = built(keras.optimizers.schedules.ExponentialDecay(1.0, 10, 0.5))
    assert rates(game) == pytest.approx([1.0, 1.0])
    game.scale_learning_rates(0.5)
    assert rates(game) == pytest.approx([0.5, 0.5])
    for side in (game.max_side, game.min_side):
        side.optimizer.iterations.assign(10)
    assert rates(game) == pytest.approx([0.25, 0.25])
    assert [float(v) for v in game.state if v.name == "scale"] == [0.5, 0.5]


def test_a_scaled_schedule_is_saved():
    scaled = ScaledSchedule(Schedule(1.0, steps=10), 0.5, every=2)
    plain = keras.saving.serialize_keras_object(scaled)
    again = keras.saving.deserialize_keras_object(plain)
    assert at(again, 10) == pytest.approx([0.25])


def test_functions_are_refused():
    with pytest.raises(TypeError, match="rate of max is a function"):
        built(lambda: 0.1).scale_learning_rates(0.5)


def test_a_half_life_in_images_by_hand():
    """After 100 images of 25 a step an image counts for a half, after 50 for more."""
    decay = HalfLife(100, per_step=25)
    assert float(decay(0)) ** 4 == pytest.approx(0.5)
    rising = HalfLife(Schedule(0.0, 100.0, 10, shape="cosine"), per_step=50)
    # Nothing is kept at first; half of the cosine is a half-life of 50 images.
    assert [float(rising(n)) for n in (0, 5, 10)] == pytest.approx([0, 0.5, 0.5**0.5])
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(rising)
    )
    assert float(again(3)) == float(rising(3))
