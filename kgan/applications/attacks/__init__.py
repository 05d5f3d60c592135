"""Adversarial examples: images changed so little that only a classifier is misled.

All attacks here see images as float32 (n, H, W, C) in [0, 1], and bounds are in the same
units: an `epsilon` of 0.3 is 0.3 of the range, as in the papers.

Example:
    import tensorflow as tf

    from kgan.applications import attacks

    known = kgan.metrics.fit_classifier(
        pixels, labels, 10, test_pixels=pixels, test_labels=labels, updates=20
    )
    logits = attacks.logits_of(known.model, (0, 255))
    x, label = tf.cast(pixels[:8], "float32") / 255, tf.constant(labels[:8])
    made = attacks.fgsm(attacks.loss_gradient(logits), x, label, epsilon=0.1)
"""

from kgan.applications.attacks.gradient import (
    fgsm,
    logits_of,
    loss_gradient,
    pgd,
    through,
)
from kgan.applications.attacks.outside import OUTSIDE, outside
from kgan.applications.attacks.training import Attacked, harden

__all__ = [
    "OUTSIDE",
    "Attacked",
    "fgsm",
    "harden",
    "logits_of",
    "loss_gradient",
    "outside",
    "pgd",
    "through",
]
