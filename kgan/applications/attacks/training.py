"""Adversarial training: a classifier that learns from images changed to mislead it."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kgan.applications.attacks.gradient import logits_of, loss_gradient, pgd
from kgan.metrics import network as networks
from kgan.typing import Tensors

WARM = 0.3  # of the updates, in which the bound grows to its full size


class Attacked(keras.layers.Layer):
    """Changes images, in training only, so that a network errs on them.

    Args:
        network: (images in 0..255, training) -> logits; a function, so that the layer
            does not own its weights.
        epsilon: the largest change of a pixel, of images in [0, 1].
        steps: of the attack; 1 step as wide as the bound is FGSM.
        random_start: whether the attack begins anywhere within the bound, or at the image.
        clean: the share of the images that stay as they are, in [0, 1].
        warm: updates in which the bound grows from 0; 0 has it at once.
        seed: of the starts.
    """

    def __init__(
        self,
        network: Callable[..., Any],
        epsilon: float,
        *,
        steps: int = 1,
        random_start: bool = False,
        clean: float = 0.0,
        warm: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(dtype="float32")
        self.gradient = loss_gradient(logits_of(network, (0, 255)))
        self.epsilon, self.steps = epsilon, steps
        self.random_start, self.seed = random_start, seed
        self.clean, self.warm = clean, warm
        self.updates = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="updates"
        )

    def call(self, inputs: Tensors, training: bool = False) -> tf.Tensor:
        x = tf.cast(inputs["image"], tf.float32)
        if not training:
            return x
        self.updates.assign_add(1.0)
        grown = tf.minimum(1.0, self.updates / self.warm) if self.warm else 1.0
        bound = self.epsilon * grown
        label = tf.cast(inputs["label"], tf.int32)
        made = pgd(
            self.gradient,
            x / 255,
            label,
            bound,
            steps=self.steps,
            reach=self._reach(),
            seed=self._start(),
        )
        kept = tf.range(tf.shape(x)[0]) < self._count(x)
        return tf.stop_gradient(tf.where(kept[:, None, None, None], x, 255 * made))

    def _reach(self):
        """The sum of the widths of all steps, as a multiple of the bound."""
        if self.steps > 1:
            return 2.5  # to the bound from anywhere
        return 1.25 if self.random_start else 1.0  # Wong 2020, section 4.2; FGSM

    def _start(self):
        """The seed of the random starts of this update, int32 (2,); None for none."""
        if not self.random_start:
            return None
        return tf.stack([self.seed, tf.cast(self.updates.value, tf.int32)])

    def _count(self, x):
        """The number of images of a batch that stay as they are."""
        n = tf.cast(tf.shape(x)[0], tf.float32)
        return tf.cast(tf.round(self.clean * n), tf.int32)


def harden(
    network: keras.Model,
    pixels: np.ndarray,
    labels: np.ndarray,
    epsilon: float = 0.3,
    *,
    steps: int = 1,
    random_start: bool = True,
    clean: float = 0.0,
    updates: int = networks.UPDATES,
    rate: float = 1e-3,
    seed: int = 0,
) -> None:
    """Trains a classifier in place on images that are attacked anew in every update.

    Three trainings of the papers:

    - several steps: Madry 2018, Eq. 2.1, which holds against PGD;
    - one step from a random start: Wong 2020, which does too for a fraction of the time,
      as long as the network does not learn to mislead the one step;
    - one step, no random start, `clean=0.5`: Goodfellow 2015, section 6, which holds
      against FGSM alone.

    The bound grows over the first `WARM` of the updates: otherwise a network often stays
    at guessing.

    Args:
        network: images (n, H, W, C) in 0..255 -> logits, trained or not.
        pixels: uint8 (n, H, W, C).
        labels: int32 (n,).
        epsilon: the largest change of a pixel, of images in [0, 1].
        steps: of the attack in each update.
        random_start: whether it begins anywhere within the bound, or at the image.
        clean: the share of each batch that is not attacked.
        updates: as `kgan.metrics.network.train_network` takes them.
        rate: of Adam.
        seed: of the batches and the starts.
    """
    attacked = Attacked(
        lambda x, training: network(x, training=training),
        epsilon,
        steps=steps,
        random_start=random_start,
        clean=clean,
        warm=round(WARM * updates),
        seed=seed,
    )
    given = {
        "image": keras.Input(pixels.shape[1:], name="image"),
        "label": keras.Input((), dtype="int32", name="label"),
    }
    whole = keras.Model(given, network(attacked(given)))
    held = {"image": pixels, "label": np.asarray(labels, np.int32)}
    networks.train_network(whole, held, labels, seed=seed, updates=updates, rate=rate)
