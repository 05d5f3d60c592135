"""The terms that penalties add to the loss of a discriminator."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf
from keras import ops

from kgan import moving_statistics
from kgan.keras_private import layers_within
from kgan.models.round import Round
from kgan.typing import Tensor

if TYPE_CHECKING:
    from kgan.models.gan import GAN


def shares_slopes(penalties: Iterable[Any]) -> bool:
    """Returns whether penalties want the gradient at all that is scored: R1 and R2."""
    places = {one.at for one in penalties if one.interval == 1}
    return places >= {"real", "fake"}


def penalise(game: "GAN", penalty: Any, played: Round) -> Tensor:
    """Returns the weighted penalty for a round, one value per score.

    It is taken from what D was asked already, if it can be.
    """
    if penalty.of_scores:
        return penalty(played.real_answer["score"], played.answer["score"])
    if penalty.at in played.slopes and penalty.interval == 1:
        # The examples of a pack have one score.
        of_packs = ops.reshape(played.slopes[penalty.at], (-1, game.pack))
        return penalty.weighted(ops.sum(of_packs, axis=1), game.iteration())

    # Like inputs are augmented alike, or their answers could not be compared.
    same = {"seed": game.fresh_seed()} if penalty.compares else {}
    seed = game.fresh_seed()

    def measure():
        def score(x, **given):
            return game.discriminate(x, played.batch | given, **same)["score"]

        real: Any = game.packed(played.batch["real"])
        if penalty.of_pairs:
            real = real, played.batch["condition"]
        fake = game.packed(played.fake)
        return penalty(score, real, fake, seed, game.iteration())

    rows = ops.shape(played.answer["score"])[0]
    player, waits = game.discriminator, penalty.waits
    return lazily(game, penalty.interval, measure, rows, player, waits)


def lazily(
    game: "GAN",
    interval: int,
    measure: Callable[[], Tensor],
    rows: int,
    player: keras.Model,
    waits: bool = False,
) -> Tensor:
    """Returns measure(), (rows,), at every `interval`-th iteration, and zeros between.

    Its passes leave the moving statistics of batch norm as they are. Where replicas have to
    wait for each other, in `measure` (`waits`) or in the `player` that it asks, which they
    cannot do in a branch of a graph, it is measured each time, and does not count between.
    """

    def value():
        with moving_statistics.kept():
            return measure()

    if interval == 1:
        return value()
    iteration: Any = game.iteration()
    due = iteration % interval == 0
    if game.replicas > 1 and (waits or _synchronised(player)):
        return ops.where(due, value(), 0.0)
    return tf.cond(due, value, lambda: ops.zeros((rows,)))


def _synchronised(player):
    """Whether a network takes the statistics of batch norm from all replicas."""
    layers = layers_within(player)
    return any(getattr(layer, "synchronized", False) for layer in layers)
