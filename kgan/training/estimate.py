"""What a game will cost, before it is played."""

import math

import keras

FLOAT = 4  # bytes


def parameters(game):
    """name -> number of parameters, for every network that plays."""
    players = game.min_players() + game.max_players()
    return {player.name: player.count_params() for player in players}


def memory(game, batch_size, pixels):
    """About how many bytes a training step holds.

    Weights, their gradients and the optimizers' slots; every layer's output,
    kept for the backward pass and met again there, for G once and for D on
    real and on generated images; and the images, `pixels` bytes.
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
