"""Networks of adversarial neural cryptography (Abadi & Andersen 2016): Alice, Bob, Eve.

Bits are -1 and 1. Alice and Bob take a message or a ciphertext and a key, Eve takes the
ciphertext alone.
"""

import keras
from keras import layers
from numpy.typing import ArrayLike

STRONG_WIDTH = 256


def alice(bits: int, kind: str = "released") -> keras.Model:
    """Builds Alice: {"message", "key"}, (n, bits) each -> ciphertext (n, bits) in (-1, 1).

    Args:
        bits: of a message, of a key and of a ciphertext; even.
        kind: "released" is the network of the authors' code, "paper" that of the paper.
    """
    return _player("alice", ("message", "key"), bits, kind)


def bob(bits: int, kind: str = "released") -> keras.Model:
    """Builds Bob: {"ciphertext", "key"}, (n, bits) each -> message (n, bits) in (-1, 1)."""
    return _player("bob", ("ciphertext", "key"), bits, kind)


def eve(bits: int, kind: str = "released") -> keras.Model:
    """Builds Eve: {"ciphertext"}, (n, bits) -> message (n, bits) in (-1, 1)."""
    return _player("eve", ("ciphertext",), bits, kind)


def strong_eve(bits: int, mean: ArrayLike, variance: ArrayLike) -> keras.Model:
    """Builds an Eve who scales each value of the ciphertext and has two wide layers.

    Args:
        bits: of a message.
        mean: of each value of the ciphertext, (bits,).
        variance: of each value, (bits,).
    """
    ciphertext = keras.Input((bits,), name="ciphertext")
    x = layers.Normalization(mean=mean, variance=variance)(ciphertext)
    for _ in range(2):
        x = layers.Dense(STRONG_WIDTH, activation="relu")(x)
    x = layers.Dense(bits, activation="tanh", dtype="float32")(x)
    return keras.Model({"ciphertext": ciphertext}, x, name="strong_eve")


def _player(name, takes, bits, kind):
    inputs = {key: keras.Input((bits,), name=key) for key in takes}
    x = layers.Concatenate()([*inputs.values()]) if len(takes) > 1 else inputs[takes[0]]
    x = {"released": _released, "paper": _paper}[kind](x, bits)
    # float32: half precision would round the decimals that hold the message.
    x = layers.Conv1D(1, 1, activation="tanh", dtype="float32")(x)
    return keras.Model(inputs, layers.Reshape((bits,), dtype="float32")(x), name=name)


def _released(x, bits):
    """The mixing and the convolutions of the authors' code, (n, bits, 2)."""
    x = layers.Reshape((2 * bits, 1))(layers.Dense(2 * bits)(x))
    x = layers.Conv1D(2, 2, strides=2, activation="sigmoid")(x)
    return layers.Conv1D(2, 1, activation="sigmoid")(x)


def _paper(x, bits):
    """The mixing and the convolutions of the paper, (n, bits, 4)."""
    x = layers.Dense(2 * bits, activation="sigmoid")(x)
    x = layers.Reshape((2 * bits, 1))(x)
    x = layers.Conv1D(2, 4, padding="same", activation="sigmoid")(x)
    x = layers.Conv1D(4, 2, strides=2, activation="sigmoid")(x)
    return layers.Conv1D(4, 1, activation="sigmoid")(x)
