"""Some moves of a game at a time, on data that are drawn as they are needed."""

import numpy as np
import tensorflow as tf

from kgan.randomness import fold_in


def moves(game, draw, size, sides):
    """A function (steps, seed): that many moves of `sides`, compiled.

    Args:
        game: a compiled `Game`.
        draw: (n, seed) -> real data (n, ...).
        size: of a round.
        sides: lists of the game's sides, moved one list after the other in a step,
            each on fresh data.

    The function takes two integers as its seed, and returns the means of what the
    game tracked meanwhile: name -> number.
    """

    @tf.function  # XLA runs such a loop ten times slower on a CPU
    def play(steps, seed):
        for step in tf.range(steps):
            key = fold_in(seed, step)
            for number, moved in enumerate(sides):
                game.move(moved, {"real": draw(size, fold_in(key, number))})
        return game.means()

    def run(steps, seed):
        game.reset_metrics()
        found = play(tf.constant(int(steps)), tf.constant(seed, tf.int32))
        return {name: float(mean) for name, mean in found.items()}

    return run


def stops(last, count, first=1):
    """Up to `count` steps from `first` to `last`, closer together at first."""
    return np.unique(np.geomspace(first, last, count).round().astype(int)).tolist()
