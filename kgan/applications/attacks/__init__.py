"""Adversarial examples: images changed so little that only a classifier is misled.

All attacks here see images as float32 (n, H, W, C) in [0, 1], and bounds are in the same
units: an `epsilon` of 0.3 is 0.3 of the range, as in the papers.

Example:
    import tensorflow as tf

    from kgan.applications import attacks

    network = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
    logits = attacks.logits_of(network, (0, 255))
    x, label = tf.fill((2, 8, 8, 1), 0.5), tf.constant([3, 7])
    made = attacks.fgsm(attacks.loss_gradient(logits), x, label, epsilon=0.1)
"""

from kgan.applications.attacks.autoattack import autoattack, toolbox
from kgan.applications.attacks.gradient import (
    Defence,
    Logits,
    derived,
    fgsm,
    in_batches,
    logits_of,
    loss_gradient,
    pgd,
    straight_through,
    through,
)
from kgan.applications.attacks.manifold import on_manifold
from kgan.applications.attacks.outside import OUTSIDE, foolbox, outside
from kgan.applications.attacks.training import Attacked, harden

__all__ = [
    "OUTSIDE",
    "Attacked",
    "Defence",
    "Logits",
    "autoattack",
    "derived",
    "fgsm",
    "foolbox",
    "harden",
    "in_batches",
    "logits_of",
    "loss_gradient",
    "on_manifold",
    "outside",
    "pgd",
    "straight_through",
    "through",
    "toolbox",
]
