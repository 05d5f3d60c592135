"""Measurements of a GAN on one batch, for the checks of its health."""

from typing import TYPE_CHECKING

import keras
import tensorflow as tf
from keras import ops

from kgan.objectives import Minimax, NonSaturating
from kgan.typing import Tensors

if TYPE_CHECKING:
    from kgan.models import GAN


def diagnose(game: "GAN", batch: Tensors, held_out: Tensors | None = None) -> Tensors:
    """Plays a round on `batch` and measures it; no weight, statistic or seed changes.

    Args:
        game: a `kgan.models.GAN`.
        batch: as `Game.forward` takes it, in whole packs.
        held_out: a batch of the same size that is not trained on, or None.

    Returns:
        A dict:
        "fake": what G made, (n, ...).
        "saturation", only for the logistic games: the norm of G's gradient under the
        minimax loss over that under the non-saturating loss, at the same weights
        (Goodfellow 2014, section 3); 1 at D(G(z)) = 1/2.
        "memory", only with `held_out`: the chance that D scores an image of `batch`
        above one of `held_out`; 1/2 for a D that has memorised no image, 1 for one
        that has memorised all.
    """
    # Batch norm's statistics, seeds and metrics are written into the scope.
    with keras.StatelessScope():
        found = {}
        if isinstance(game.objective, Minimax):
            saturation, fake = _saturation(game, batch)
            if saturation is not None:
                found["saturation"] = saturation
        else:
            fake = game.forward(batch).fake
        if held_out is not None:
            found["memory"] = _memory(game, batch, held_out)
    return found | {"fake": ops.cast(fake, "float32")}


def _saturation(game, batch):
    weights = [w.value for w in game.min_side.weights]
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(weights)
        played = game.forward(batch)
        losses = [
            # Scaled for float16, whose small gradients would be nothing.
            game.min_optimizer.scale_loss(
                ops.mean(loss.generator(None, played.answer["score"]))
            )
            for loss in (Minimax(), NonSaturating())
        ]
    flat, steep = (tape.gradient(loss, weights) for loss in losses)
    # A G may learn from scores, and not through its samples.
    if all(one is None for one in flat):
        return None, played.fake
    norms = tf.linalg.global_norm(flat), tf.linalg.global_norm(steep)
    return tf.math.divide_no_nan(*norms), played.fake


def _memory(game, batch, held_out):
    # In one batch: batch norm would hide a difference between two.
    both = {k: ops.concatenate([v, held_out[k]]) for k, v in batch.items()}
    score = game.discriminate(game.packed(both["real"]), both)["score"]
    score = ops.mean(ops.reshape(score, (ops.shape(score)[0], -1)), axis=-1)
    known, new = ops.split(score, 2)
    above, equal = known[:, None] > new, known[:, None] == new
    return ops.mean(ops.cast(above, "float32") + 0.5 * ops.cast(equal, "float32"))
