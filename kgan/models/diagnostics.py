"""What one round of a GAN shows to who watches it, at the price of one round."""

import keras
import tensorflow as tf
from keras import ops

from kgan.objectives import Minimax, NonSaturating


def probe(game, batch, held_out=None):
    """Plays a round on `batch` and forgets it: no weight, statistic or seed moves.

    Args:
        game: a `kgan.models.GAN`.
        batch: as `Game.play` gets it, in whole packs.
        held_out: as much of the same data that is not trained on, or None.

    Returns:
        A dict: "fake", what G made, (n, ...); "saturation", only for the logistic
        games, the norm of G's gradient under the minimax loss over that under the
        non-saturating one, at this same point (Goodfellow 2014, section 3; equal at
        D(G(z)) = 1/2, where it is 1); "memory", only beside `held_out`, the chance
        that D scores an image of `batch` above one of `held_out`: 1/2 for a D that
        has learned no image by heart, 1 for one that has learned all.
    """
    # Batch norm's statistics, seeds and metrics are written into the scope.
    with keras.StatelessScope():
        found = {}
        if isinstance(game.objective, Minimax):
            found["saturation"], fake = _saturation(game, batch)
        else:
            fake = game.play(batch).fake
        if held_out is not None:
            found["memory"] = _memory(game, batch, held_out)
    return found | {"fake": ops.cast(fake, "float32")}


def _saturation(game, batch):
    weights = [w.value for w in game.min_side.weights]
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(weights)
        played = game.play(batch)
        losses = [
            # Scaled for float16, whose small gradients would be nothing.
            game.min_optimizer.scale_loss(
                ops.mean(loss.generator(None, played.answer["score"]))
            )
            for loss in (Minimax(), NonSaturating())
        ]
    flat, steep = (tf.linalg.global_norm(tape.gradient(x, weights)) for x in losses)
    return tf.math.divide_no_nan(flat, steep), played.fake


def _memory(game, batch, held_out):
    # In one batch: batch norm would hide a difference between two.
    both = {k: ops.concatenate([v, held_out[k]]) for k, v in batch.items()}
    score = game.judge(game.packed(both["real"]), both)["score"]
    score = ops.mean(ops.reshape(score, (ops.shape(score)[0], -1)), axis=-1)
    known, new = ops.split(score, 2)
    above, beside = known[:, None] > new, known[:, None] == new
    return ops.mean(ops.cast(above, "float32") + 0.5 * ops.cast(beside, "float32"))
