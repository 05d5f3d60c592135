"""Estimates of the size and the memory of a game before it is trained."""

import math
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from kgan.game import Game

FLOAT = 4  # bytes


def parameters(game: "Game") -> dict[str, int]:
    """Returns name -> number of parameters, for every network of the game."""
    players = game.min_players() + game.max_players()
    return {player.name: player.count_params() for player in players}


def memory(game: "Game", batch_size: int, pixels: int) -> int:
    """Returns about how many bytes of memory a training step needs.

    It counts the weights, their gradients and the optimizers' slots; twice the outputs of
    all layers, which the backward pass needs, of G once and of D for real and for
    generated images; and the images, `pixels` bytes.
    """
    weights = sum(FLOAT * v.value.shape.num_elements() for v in game.variables)
    for side in (game.max_side, game.min_side):
        slots = sum(v.value.shape.num_elements() for v in side.optimizer.variables)
        gradients = sum(w.value.shape.num_elements() for w in side.weights)
        weights += FLOAT * (slots + gradients)
    seen = sum(_outputs(player) for player in game.min_players())
    seen += 2 * sum(_outputs(player) for player in game.max_players())
    return weights + 2 * FLOAT * batch_size * seen + pixels


def _outputs(model):
    """Numbers that all layers of `model` put out for one example."""
    tensors = [t for layer in model.layers for t in keras.tree.flatten(layer.output)]
    return sum(math.prod(t.shape[1:]) for t in tensors)
