"""The attack that stays within what a generator makes, where projection changes nothing."""

from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from kgan.applications.attacks.gradient import Logits
from kgan.applications.descent import Descent, pictures
from kgan.typing import Tensors

if TYPE_CHECKING:
    from kgan.models import GAN

STEPS, TOGETHER = 200, 500  # images that are walked at once
SURE = 1.0  # by how much the wrong answer shall lead, in logits
WEIGHT = 100.0  # of that lead against the squared distance: more than any image costs


def on_manifold(
    game: "GAN",
    logits: Logits,
    x: np.ndarray,
    label: np.ndarray,
    latent: Tensors,
    *,
    steps: int = STEPS,
) -> np.ndarray:
    """Walks from codes of images to near ones that a classifier takes for another class.

    Athalye 2018, section 5.4.2, breaks Defense-GAN with it: what G makes passes its
    projection. The loss is the squared distance to x, and `WEIGHT` times what the true
    class is ahead by (Carlini & Wagner 2017, f6), so the images have no bound on a pixel,
    and may show another digit: look at their distance as well.

    Args:
        game: the game whose G draws.
        logits: maps images (n, H, W, C) in [0, 1] to (n, K).
        x: images in [0, 1], float32 (n, H, W, C).
        label: their true classes, (n,).
        latent: where to begin, such as the codes of a `Projection`, (n, ...).
        steps: of Adam.

    Returns:
        Images in [0, 1] that G makes, float32 (n, H, W, C).
    """

    def loss(made, target):
        images = tf.clip_by_value((made + 1) / 2, 0, 1)
        scores = tf.cast(logits(images), tf.float32)
        true = tf.one_hot(target["label"], scores.shape[-1])
        others = tf.reduce_max(scores - 1e9 * true, -1)
        lead = tf.reduce_sum(scores * true, -1) - others
        apart = tf.reduce_sum(tf.square(images - target["x"]), (1, 2, 3))
        return WEIGHT * tf.nn.relu(lead + SURE) + apart

    search, parts = Descent(game, min(TOGETHER, len(x)), loss=loss), []
    for begin in range(0, len(x), TOGETHER):
        rows = slice(begin, begin + TOGETHER)
        target = {
            "x": tf.constant(x[rows]),
            "label": tf.constant(label[rows], tf.int32),
        }
        start = {name: value[rows] for name, value in latent.items()}
        found, _ = search(target, start, steps)
        parts.append(pictures(game, found))
    return np.concatenate(parts)
