"""Encoders of captions: from the numbers of words to the condition of G and D."""

from typing import NamedTuple

import keras
from keras import layers

from kgan.typing import Tensor, Tensors

ENCODERS = ("gru", "bag")
EMBEDDING = 48  # numbers per word
WIDTH = 96  # numbers per caption


class Text(NamedTuple):
    """What the networks that read captions are built from.

    Attributes:
        length: words in a caption, L.
        words: numbers that a word can have, with those of padding and unknown words.
        kind: "gru" reads the words in their order, from both ends (Cho 2014); "bag" is
            the mean of the words, whose order it does not see.
        condition: numbers in the condition.
        augmented: whether the condition is drawn anew each time, around a mean
            (conditioning augmentation, Zhang 2017, section 3.2).
    """

    length: int
    words: int
    kind: str = "gru"
    condition: int = 64
    augmented: bool = True


def encoder(text: Text, first: keras.Model | None = None) -> keras.Model:
    """Builds the encoder: captions, int32 (n, L), padded with 0 -> a dict.

    "text" is the vector of the caption, (n, WIDTH); "mean" the mean of the condition,
    (n, condition); with augmentation "log_deviation" is the logarithm of its deviation.

    Args:
        text: a `Text`.
        first: the encoder of stage I. Its vector of the caption is then read, and it is
            not trained; its outputs are returned as well, as "first_mean" and so on.

    Raises:
        ValueError: another kind of encoder.
    """
    caption = keras.Input((text.length,), dtype="int32", name="caption")
    before = {}
    if first is None:
        vector = _vector(caption, text)
    else:
        first.trainable = False
        found = first(caption, training=False)
        vector = found["text"]
        before = {f"first_{k}": v for k, v in found.items() if k != "text"}
    found = {"text": vector} | before | _condition(vector, text)
    return keras.Model(caption, found, name="encoder")


def _vector(caption: Tensor, text: Text) -> Tensor:
    if text.kind not in ENCODERS:
        raise ValueError(
            f"a text encoder is {' or '.join(ENCODERS)}; got {text.kind!r}"
        )
    x = layers.Embedding(
        text.words,
        EMBEDDING,
        # As large as z: a whisper of the caption would drown in the noise.
        embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0),
        mask_zero=True,
    )(caption)
    if text.kind == "gru":
        # cuDNN's would not run on a CPU where the game was exported on a GPU.
        return layers.Bidirectional(layers.GRU(WIDTH // 2, use_cudnn=False))(x)
    return layers.Dense(WIDTH, "tanh")(layers.GlobalAveragePooling1D()(x))


def _condition(vector: Tensor, text: Text) -> Tensors:
    width = text.condition * (2 if text.augmented else 1)
    both = layers.Dense(width, dtype="float32")(vector)
    both = layers.LeakyReLU(0.2, dtype="float32")(both)
    if not text.augmented:
        return {"mean": both}
    return {
        "mean": both[:, : text.condition],
        "log_deviation": both[:, text.condition :],
    }
