"""Terms of the losses of games with captions, as functions of tensors."""

from typing import Any

import keras
from keras import ops

from kgan.replicas import gathered, own_rows
from kgan.typing import Tensor, Tensors

TEMPERATURE = 0.1  # of the contrastive loss: a cosine of 1 is worth e^10
MOST_ALIKE = 100.0  # what the mode-seeking quotient is at most


def row_before(x: Tensor) -> Tensor:
    """Returns, in the place of each row of the whole batch, the one before it."""
    return own_rows(ops.roll(gathered(x), 1, axis=0))


def contrast(answer: Tensors, caption: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the contrastive loss of pictures and captions (XMC-GAN, Zhang 2021).

    -log of the softmax, over the captions of the whole batch, of the cosine of a picture
    and its caption over `TEMPERATURE`. A caption that equals the own one does not count
    among the others.

    Args:
        answer: unit vectors {"picture": (n, k), "text": (n, k)}.
        caption: int32 (n, L).

    Returns:
        (the loss, (n,); whether the own caption is the nearest, (n,)).
    """
    texts, captions = gathered(answer["text"]), gathered(caption)
    every = ops.arange(ops.shape(captions)[0])
    own = own_rows(every)
    likeness = ops.matmul(answer["picture"], ops.transpose(texts))
    equal = ops.all(caption[:, None] == captions[None], axis=-1)
    other = own[:, None] != every
    logits = ops.where(equal & other, -ops.ones_like(likeness), likeness) / TEMPERATURE
    loss = keras.losses.sparse_categorical_crossentropy(own, logits, from_logits=True)
    return loss, ops.argmax(logits, -1) == own


def divergence(mean: Tensor, log_deviation: Tensor) -> Tensor:
    """Returns KL(N(mean, deviation^2) || N(0, 1)), the mean over the numbers, (n,).

    Args:
        mean: (n, d).
        log_deviation: the logarithm of the standard deviation, (n, d).
    """
    found = 0.5 * (ops.square(mean) + ops.exp(2.0 * log_deviation) - 1.0)
    return ops.mean(found - log_deviation, axis=-1)


def free(latent: Tensors) -> int:
    """Returns how many numbers of z, its first ones, are around no mean of a condition.

    The others draw the condition of a caption anew: pictures that differ by them may
    differ in what the caption tells.
    """
    width: Any = latent["z"].shape[-1]
    for name, value in latent.items():
        if name.endswith("log_deviation"):
            width -= value.shape[-1]
    return width


def likeness(z: tuple[Tensor, Tensor], made: tuple[Tensor, Tensor]) -> Tensor:
    """Returns |z - z'|_1 / |G(z) - G(z')|_1, (n,), which mode seeking lowers (Mao 2019).

    Means of absolute differences; of two samples that are nearly the same the quotient is
    `MOST_ALIKE` at most.

    Args:
        z: the two inputs of G, (n, d) each.
        made: what G makes of them, (n, ...) each.
    """
    moved, changed = (
        ops.mean(ops.abs(a - b), axis=tuple(range(1, len(a.shape))))
        for a, b in (z, made)
    )
    return moved / (changed + moved / MOST_ALIKE)


def painted(generator: Any, z: Tensor, text: Tensors, training: bool) -> Tensor:
    """Returns the pictures of z and of what the encoder says of captions, `text`."""
    draw = generator.get_layer("painter")
    taken = {name: value for name, value in text.items() if name in draw.input}
    return draw(taken | {"z": z}, training=training)
