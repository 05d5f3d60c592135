"""What a game costs, counted by hand."""

import keras
import pytest

from kgan.models import GAN
from kgan.training import estimate


@pytest.fixture
def game():
    """G: 3 -> 4; D: 4 -> 2 -> 1."""
    z, x = keras.Input((3,), name="z"), keras.Input((4,))
    game = GAN(
        keras.Model({"z": z}, keras.layers.Dense(4)(z), name="generator"),
        keras.Model(
            x,
            keras.layers.Flatten()(
                keras.layers.Dense(1)(keras.layers.Dense(2, use_bias=False)(x))
            ),
            name="discriminator",
        ),
    )
    game.compile(max_optimizer="adam", min_optimizer=keras.optimizers.SGD())
    return game


def test_parameters(game):
    assert estimate.parameters(game) == {
        "generator": 3 * 4 + 4,
        "discriminator": 4 * 2 + 2 + 1,
    }


def test_memory_grows_with_the_batch_as_the_activations_do(game):
    """G: 3 + 4 numbers; D: 4 + 2 + 1 + 1, on real and on generated images."""
    one, three = (estimate.memory(game, n, 0) for n in (1, 3))
    assert three - one == 2 * 2 * 4 * (7 + 2 * 8)


def test_memory_counts_pixels_as_they_are(game):
    assert estimate.memory(game, 1, 1000) - estimate.memory(game, 1, 0) == 1000


def test_memory_without_a_batch_is_that_of_the_weights(game):
    """16 + 11 weights and gradients, and Adam's two slots for D's 11."""
    weights = 4 * (2 * (16 + 11) + 2 * 11)
    # Means, iterations, rates and random state: some dozens of numbers.
    assert weights <= estimate.memory(game, 0, 0) <= weights + 4 * 60
