"""A StackGAN as small as it can be, and batches of captions for it."""

import tensorflow as tf

from kgan.data import Field
from kgan.data.kinds import Image, Tokens
from kgan.models import StackGAN
from kgan.networks import stackgan
from kgan.networks.words import Text

SHAPE, LENGTH = (8, 8, 1), 4
KIND = Tokens.fitted(["a red seven on blue", "a blue two"])
PLAIN = {"contrastive_weight": 0.0, "unconditional": False}


def build(first=None, shape=SHAPE, augmented=True, **rules):
    rules = PLAIN | rules
    text = Text(LENGTH, KIND.size, condition=3, augmented=augmented)
    game = StackGAN(
        stackgan.generator(5, shape, text, width=2, first=first),
        stackgan.discriminator(
            shape,
            3,
            width=2,
            norm="none",
            compared=rules["contrastive_weight"] > 0,
            alone=rules["unconditional"],
        ),
        **rules,
    )
    game.fields = {
        "real": Field(shape, "uint8", Image()),
        "caption": Field((LENGTH,), "int32", KIND),
    }
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


def batch(captions, shape=SHAPE):
    ids = KIND.encode(captions, LENGTH)
    return {"real": tf.zeros((len(ids), *shape), tf.uint8), "caption": ids}
