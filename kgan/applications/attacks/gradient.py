"""Attacks that follow the gradient of a classifier's loss: FGSM, PGD, BPDA, EOT."""

import itertools
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from kgan.errors import UserError
from kgan.randomness import uniform
from kgan.typing import Seed, Tensor

# Of PGD: from a random start the far end of the bound is twice the bound away.
STEPS, REACH = 40, 2.5

Logits: TypeAlias = Callable[[Tensor], Tensor]
Gradient: TypeAlias = Callable[[Tensor, Tensor], Tensor]
Defence: TypeAlias = Callable[[Tensor, int], Tensor]


def logits_of(network: Callable[..., Any], pixels: tuple[float, float]) -> Logits:
    """Returns the function from images in [0, 1] to the logits (n, K) of a network.

    Args:
        network: gives logits, and no probabilities: where those reach 0 and 1 they have
            no gradient, and hide the weakness of the network.
        pixels: the two values that it takes for black and white, such as (0, 255).
    """
    low, high = pixels

    def logits(x: Tensor) -> Tensor:
        return network(low + (high - low) * x, training=False)

    return logits


def loss_gradient(logits: Logits) -> Gradient:
    """Returns the function (x, label) -> gradient of the cross-entropy at x.

    Args:
        logits: maps images (n, H, W, C) in [0, 1] to (n, K).
    """

    @tf.function(autograph=False, reduce_retracing=True)
    def gradient(x: Tensor, label: Tensor) -> Tensor:
        return _gradient(logits, x, label)

    return gradient


def fgsm(gradient: Gradient, x: Tensor, label: Tensor, epsilon: float) -> Tensor:
    """Moves every pixel by epsilon up the loss (Goodfellow 2015, section 4).

    Args:
        gradient: of the loss at (x, label), such as `loss_gradient` makes it.
        x: images in [0, 1], (n, H, W, C).
        label: their true classes, (n,). The classifier's own answers would hide that
            some of them were wrong before.
        epsilon: by how much a pixel changes, in [0, 1].

    Returns:
        Images in [0, 1] like x.
    """
    return tf.clip_by_value(x + epsilon * tf.sign(gradient(x, label)), 0.0, 1.0)


def pgd(
    gradient: Gradient,
    x: Tensor,
    label: Tensor,
    epsilon: float,
    *,
    steps: int = STEPS,
    reach: float = REACH,
    seed: Seed | None = None,
    norm: str = "linf",
) -> Tensor:
    """Moves up the loss in steps, none further than epsilon away (Madry 2018, Eq. 2.1).

    Args:
        gradient: as `fgsm` takes it.
        x: images in [0, 1], (n, H, W, C).
        label: their true classes, (n,).
        epsilon: the bound: with "linf" the largest change of a pixel, in [0, 1]; with
            "l2" the largest Euclidean distance of an image from where it was.
        steps: how many.
        reach: how far all steps go together, as a multiple of `epsilon`. A search that
            cannot reach the bound is weaker than `fgsm`.
        seed: of a random start within the bound, int32 (2,); None starts at x.
        norm: what is bounded, "linf" or "l2".

    Returns:
        Images in [0, 1] like x.
    """
    if norm not in NORMS:
        raise UserError(f"norm={norm}", f"there are {' and '.join(NORMS)}")
    direction, bound = NORMS[norm]
    within, made = bound(x, epsilon), x
    if seed is not None:
        shape: Any = (tf.shape(x)[0], *x.shape[1:])
        made = within(made + uniform(shape, seed, -epsilon, epsilon))
    rate = reach * epsilon / steps
    for _ in range(steps):
        made = within(made + rate * direction(gradient(made, label)))
    return made


def _near_pixels(x, epsilon):
    """The function that moves each pixel back to within epsilon of x, and into [0, 1]."""
    low, high = tf.maximum(x - epsilon, 0.0), tf.minimum(x + epsilon, 1.0)
    return lambda made: tf.clip_by_value(made, low, high)


def _near_images(x, epsilon):
    """The function that moves each image back to a distance of epsilon, and into [0, 1]."""

    def within(made):
        change = made - x
        far = tf.maximum(_length(change), epsilon)
        share = tf.math.divide_no_nan(tf.cast(epsilon, far.dtype), far)
        return tf.clip_by_value(x + share * change, 0.0, 1.0)

    return within


def _unit(x):
    """Each image divided by its length; 0 stays 0."""
    return tf.math.divide_no_nan(x, _length(x))


def _length(x):
    """The Euclidean length of each image, (n, 1, 1, 1)."""
    return tf.sqrt(tf.reduce_sum(tf.square(x), (1, 2, 3), keepdims=True))


# What is bounded, a pixel or the whole image: the direction of a step; the bound.
NORMS = {"linf": (tf.sign, _near_pixels), "l2": (_unit, _near_images)}


def through(logits: Logits, defence: Defence, copies: int) -> Gradient:
    """Returns the gradient of the loss through a defence, as the mean over copies.

    The defence draws numbers, so the expectation counts (EOT, Athalye 2018, section 4.2).
    `pgd` with this gradient is the attack.

    Args:
        logits: of the classifier behind the defence.
        defence: (images (m, H, W, C), number of the call) -> what the defence makes of
            them, which has a derivative: its own, or one that stands in for it, such as
            `straight_through`. The number tells it to draw anew.
        copies: of each image.
    """
    calls = itertools.count()

    def gradient(x: Tensor, label: Tensor) -> Tensor:
        number = next(calls)

        def behind(images: Tensor) -> Tensor:
            return logits(defence(tf.tile(images, (copies, 1, 1, 1)), number))

        return _gradient(behind, x, tf.tile(label, (copies,))) / copies

    return gradient


def straight_through(defence: Defence) -> Defence:
    """Returns a defence whose derivative is that of the identity.

    For one that has none, or a useless one, and that gives images much like those that it
    takes (BPDA, Athalye 2018, section 4.1).

    Args:
        defence: (images (m, H, W, C), number of the call) -> images like them.
    """

    def defended(x: Tensor, number: int) -> Tensor:
        return derived(defence(x, number), x, lambda upstream: upstream)

    return defended


def derived(made: Tensor, x: Tensor, back: Callable[[Tensor], Tensor]) -> Tensor:
    """Returns `made` as if it came from x by a function whose derivative is given.

    Args:
        made: images like x.
        x: images.
        back: the gradient at `made` -> the gradient at x.
    """

    @tf.custom_gradient
    def passed(_: Any) -> Any:
        return tf.stop_gradient(made), back

    return passed(x)


def in_batches(
    attack: Callable[[Tensor, Tensor], Tensor],
    x: np.ndarray,
    label: np.ndarray,
    size: int = 250,
) -> np.ndarray:
    """Returns what an attack makes of many images, `size` of them at a time."""
    label = np.asarray(label, np.int32)
    return np.concatenate(
        [
            np.asarray(
                attack(
                    tf.constant(x[begin : begin + size]),
                    tf.constant(label[begin : begin + size]),
                )
            )
            for begin in range(0, len(x), size)
        ]
    )


def _gradient(logits, x, label):
    """The gradient at x of the sum of the cross-entropies."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(label, logits(x))
    found = tape.gradient(loss, x)
    if found is None:
        raise UserError(
            "classifier",
            "has no gradient, as one that takes whole numbers",
            "attack one that takes floating-point numbers",
        )
    return found
