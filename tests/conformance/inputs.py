"""What games are given in tests: the sizes of data, and batches drawn by chance."""

import numpy as np
import tensorflow as tf

from kgan.data import Field
from kgan.data.kinds import Frames, Lines, Roll

SHAPE, LATENT, CLASSES, BATCH = (8, 8, 1), 9, 3, 8
CODE = {"categories": (3,), "continuous": 2}
HEADS = {"category_0": 3, "continuous": 2}
CAPTIONS = ("a red one", "a two")
LINES = Lines(("", "a", "b"))
LENGTH = 3
BITS = 4
ATTRIBUTES = {"mouth": ("smile", "smirk"), "hair": ("none", "red", "grey")}
CLIP = Field((4, *SHAPE), "uint8", Frames())
ROLL = Field((8, 2), "uint8", Roll((60, 40), 20))


def batch(step=0, size=BATCH, name=""):
    """The data of a step of the game `name`; of those of pictures, the same for all."""
    return OF_OTHER_DATA.get(name, _pictures)(np.random.default_rng(step), size)


def _pictures(random, size):
    """Images of two domains, labels, latents for `given_latents`."""
    code = np.eye(CODE["categories"][0])[random.integers(3, size=size)]
    z = [random.normal(size=(size, 4)), code, random.uniform(-1, 1, (size, 2))]
    return {
        "real": tf.constant(random.uniform(-1, 1, (size, *SHAPE)), "float32"),
        "label": tf.constant(random.integers(CLASSES, size=size), "int32"),
        "z": tf.constant(np.concatenate(z, 1), "float32"),
        "source": tf.constant(random.uniform(-1, 1, (size, *SHAPE)), "float32"),
        "attributes": tf.constant(random.integers((2, 3), size=(size, 2)), "int32"),
        "caption": tf.constant(random.integers(1, 6, (size, 3)), "int32"),
        "clip": tf.constant(random.integers(0, 256, (size, *CLIP.shape)), "uint8"),
        "motion": tf.constant(random.normal(size=(size, 4, 2)), "float32"),
        "roll": tf.constant(random.integers((60, 40), (80, 60), (size, 8, 2)), "uint8"),
    }


def _messages(random, size):
    """Messages and keys."""
    drawn = random.integers(0, 2, (2, size, BITS)) * 2.0 - 1.0
    return dict(zip(("real", "key"), tf.constant(drawn, "float32"), strict=True))


def _lines(random, size):
    """Lines as they are stored, and noise for `given_latents`."""
    noise = random.gumbel(size=(size, LENGTH, len(LINES.symbols)))
    return {
        "real": tf.constant(random.integers(3, size=(size, LENGTH)), "int32"),
        "z": tf.constant(noise, "float32"),
    }


def _rolls(random, size):
    """Rolls as they are stored, and noise for `given_latents`."""
    noise = random.gumbel(size=(size, *ROLL.shape, ROLL.kind.width))
    made = random.integers((60, 40), (80, 60), (size, *ROLL.shape))
    return {"real": tf.constant(made, "uint8"), "z": tf.constant(noise, "float32")}


OF_OTHER_DATA = {"crypto": _messages, "text": _lines, "written_music": _rolls}


def batches(steps, name="", rounds=1):
    """A data set of that many steps of the game `name`, of some rounds each."""
    rows = [batch(step, BATCH * rounds, name) for step in range(steps)]
    parts = {key: tf.stack([row[key] for row in rows]) for key in rows[0]}
    return tf.data.Dataset.from_tensor_slices(parts)
