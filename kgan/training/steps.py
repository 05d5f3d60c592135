"""Many training steps of a game in one compiled call, on data drawn inside it.

It is for tables and experiments with small games, for which the callbacks of a run
would cost more than the game. A step is the game's own `train_step`, or the updates of
the sides that the caller names.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan.randomness import fold_in
from kgan.typing import Tensor, Tensors

if TYPE_CHECKING:
    from kgan.game import Game


def compiled_steps(
    game: "Game",
    draw: Callable[..., Any],
    size: int,
    sides: Sequence[Any] | None = None,
) -> Callable[..., dict[str, float]]:
    """Returns a compiled function (count, seed) that trains `count` steps.

    Args:
        game: a compiled `kgan.game.Game`.
        draw: (n, seed) -> a batch {name: (n, ...)}, or real data (n, ...).
        size: examples in a round.
        sides: lists of the game's sides, updated one list after the other in a step,
            each on a fresh round; None for the game's whole iteration.

    The function takes an integer, and two integers as the seed. It returns the means of
    what the game tracked during these steps, name -> number.
    """

    def whole(seed):
        game.train_step(as_batch(draw(size * game.rounds, seed)))

    def updates(seed):
        for number, updated in enumerate(sides or ()):
            game.update(updated, as_batch(draw(size, fold_in(seed, number))))

    step = updates if sides else whole
    if game.jit_compile:
        step = tf.function(step, autograph=False, jit_compile=True)

    @tf.function  # XLA runs the loop itself ten times slower on a CPU
    def many(count, seed):
        for number in tf.range(count):
            step(fold_in(seed, number))
        return game.means()

    def run(count, seed):
        game.reset_metrics()
        found = many(tf.constant(int(count)), tf.constant(seed, tf.int32))
        return {name: float(mean) for name, mean in found.items()}

    return run


def as_batch(drawn: Tensor | Tensors) -> Tensors:
    """Returns drawn data as a batch, a dict."""
    return drawn if isinstance(drawn, dict) else {"real": drawn}
