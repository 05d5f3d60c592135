"""What the StackGAN variant makes of its fields."""

import pytest

from kgan.configs import stackgan
from tests import specs

SMALL = {"batch_size": 10, "width": 2, "condition_size": 4}


def weights(steps, *at, **fields):
    """The weight of the mode-seeking term at some iterations of a run of 5 epochs."""
    config = stackgan.Config(**SMALL, epochs=5, **fields).resolved(steps)
    game = stackgan.build(config, specs.images((8, 8, 1), captions=["a two"]))
    return config, [float(game.diversity_weight(n)) for n in at]


def test_mode_seeking_ends_with_the_run():
    """20 updates, in the last 10 of which its weight falls."""
    config, found = weights(4, 0, 10, 15, 20, diversity_weight=0.4)
    assert config.diversity_updates == 20
    assert found == pytest.approx([0.4, 0.4, 0.2, 0.0])
    assert config.resolved(4) == config


def test_mode_seeking_ends_when_it_is_told():
    config, found = weights(4, 3, 6, 20, diversity_weight=0.4, diversity_updates=8)
    assert config.diversity_updates == 8
    assert found == pytest.approx([0.4, 0.2, 0.0])


def test_without_mode_seeking_a_run_can_be_made_longer():
    config = stackgan.Config(**SMALL, epochs=5, diversity_weight=0.0).resolved(4)
    assert config.diversity_updates == 0
    built = stackgan.build(config, specs.images((8, 8, 1), captions=["a two"]))
    assert built.diversity_weight == 0.0
