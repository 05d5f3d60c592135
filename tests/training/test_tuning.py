"""How the training step is compiled, where the user leaves it open."""

import pytest

from kgan.errors import UserError
from kgan.training import tuning


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
