"""Networks that write and read lines of text: L positions of one of V symbols each."""

import keras
from keras import layers

from kgan.networks.blocks import factories
from kgan.networks.layers import SpectralNorm, Writer

WIDTH = 64
RESIDUAL = 0.3  # share of a block (Gulrajani 2017, the authors' code)


def writer(
    length: int, symbols: int, *, ends: bool = True, width: int = WIDTH
) -> keras.Model:
    """Builds a recurrent G: {"z": Gumbel noise (n, L, V)} -> rows of 0 and one 1.

    Its one layer, "writer", is a `kgan.networks.layers.Writer`.

    Args:
        length: L.
        symbols: V.
        ends: whether symbol 0 ends a line.
        width: of the LSTM.
    """
    z = keras.Input((length, symbols), name="z")
    made = Writer(symbols, width, ends, name="writer", dtype="float32")(z)
    return keras.Model({"z": z}, made, name="generator")


def generator(
    latent: int, length: int, symbols: int, *, width: int = WIDTH
) -> keras.Model:
    """Builds a convolutional G: {"z": (n, latent)} -> shares of symbols (n, L, V).

    All symbols are made at once. D can tell shares from rows of 0 and one 1, so that G
    learns to make up its mind (Gulrajani 2017, section 5.2).

    Args:
        latent: numbers in z.
        length: L.
        symbols: V.
        width: channels.
    """
    z = keras.Input((latent,), name="z")
    x = layers.Reshape((length, width))(layers.Dense(length * width)(z))
    x = _blocks(x, width, layers.Conv1D)
    x = layers.Conv1D(symbols, 1, dtype="float32")(layers.ReLU()(x))
    x = layers.Softmax(dtype="float32")(x)
    return keras.Model({"z": z}, x, name="generator")


def discriminator(
    length: int, symbols: int, *, width: int = WIDTH, spectral: bool = False
) -> keras.Model:
    """Builds a convolutional D: lines (n, L, V) -> scores (n,).

    Args:
        length: L.
        symbols: V.
        width: channels.
        spectral: whether to divide every layer by its largest singular value.
    """
    line = keras.Input((length, symbols), name="x")
    dense, _ = factories(spectral)

    def conv(*args, **kwargs):
        if not spectral:
            return layers.Conv1D(*args, **kwargs)
        return SpectralNorm(layers.Conv1D(*args, use_bias=False, **kwargs))

    x = layers.LeakyReLU(0.2)(_blocks(conv(width, 1)(line), width, conv))
    score = dense(1, dtype="float32")(layers.Flatten()(x))
    return keras.Model(
        line, layers.Reshape((), dtype="float32")(score), name="discriminator"
    )


def _blocks(x, width, conv):
    """Two residual blocks."""
    for _ in range(2):
        y = conv(width, 5, padding="same")(layers.LeakyReLU(0.2)(x))
        y = conv(width, 5, padding="same")(layers.LeakyReLU(0.2)(y))
        x = layers.Add()([x, layers.Rescaling(RESIDUAL)(y)])
    return x
