"""How the training step is compiled, where the user leaves it open."""

from types import SimpleNamespace

import keras
import pytest

from kgan.errors import UserError
from kgan.training import tuning
from kgan.training.options import Options


@pytest.mark.parametrize(
    "steps, chosen", [(1, 1), (11, 11), (14, 14), (37, 1), (40, 20), (60, 20), (22, 11)]
)
def test_steps_per_execution_divide_an_epoch(steps, chosen):
    """Else Keras' last call of an epoch would run into the next."""
    assert tuning._per_execution(0, steps) == chosen


def test_steps_per_execution_that_do_not_divide():
    assert tuning._per_execution(7, 14) == 7
    with pytest.raises(UserError, match="do: 1, 2, 7, 14$"):
        tuning._per_execution(4, 14)


def test_a_player_may_be_a_layer():
    layer = keras.layers.Dense(1)
    game = SimpleNamespace(
        max_players=lambda: [layer],
        min_players=lambda: [layer],
        replicas=1,
    )
    assert tuning._jit(game, Options(jit="on"))
    layer.supports_jit = False
    with pytest.raises(UserError, match="jit=on: the networks hold a Dense"):
        tuning._jit(game, Options(jit="on"))
