"""Dense networks for motions: from the poses before it to the next one.

G adds to the last pose, as Martinez 2017 does, and to its last move: a network of zeros
goes on at constant speed. Its hidden layers are normalised, so what it adds is bounded,
and its own poses, from which it goes on, do not grow without end.
"""

import keras
from keras import layers

from kgan.networks.blocks import factories, normalise

WIDTH = 256
NORM = "layer"


def generator(seen: int, numbers: int, *, width: int = WIDTH) -> keras.Model:
    """Builds G: {"source": (n, seen * numbers)} -> poses (n, numbers).

    Args:
        seen: poses that it sees, joined to one row, at least 2.
        numbers: of a pose.
        width: of each hidden layer.
    """
    source = keras.Input((seen * numbers,), name="source")
    last = source[:, -numbers:]
    # Differences of poses, not places: what moves alike is predicted alike.
    moves = source[:, numbers:] - source[:, :-numbers]
    x = layers.Concatenate()([moves, last])
    for _ in range(2):
        x = layers.LeakyReLU(0.2)(normalise(layers.Dense(width)(x), "layer"))
    step = layers.Dense(numbers, kernel_initializer="zeros", dtype="float32")(x)
    made = layers.Add(dtype="float32")([last, moves[:, -numbers:], step])
    return keras.Model({"source": source}, made, name="generator")


def discriminator(
    poses: int,
    numbers: int,
    *,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
) -> keras.Model:
    """Builds D: motions (n, poses * numbers) -> scores (n,).

    Args:
        poses: that it sees, joined to one row.
        numbers: of a pose.
        width: of each hidden layer.
        norm: "batch", "layer" or "none", of the second hidden layer.
        spectral: whether to divide every layer by its largest singular value.
    """
    dense, _ = factories(spectral)
    motion = keras.Input((poses * numbers,), name="x")
    x = layers.LeakyReLU(0.2)(dense(width)(motion))
    x = layers.LeakyReLU(0.2)(normalise(dense(width)(x), norm))
    score = layers.Reshape((), dtype="float32")(dense(1, dtype="float32")(x))
    return keras.Model(motion, score, name="discriminator")
