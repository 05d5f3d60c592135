"""Networks for music: a recurrent G, and convolutions over time, which see all voices at once.

A step is one vector, the one-hot pitches of all voices; D sees intervals and the beginnings
of notes as well. D first reads each step alone, the chord, and then goes over time. It also
counts where voices move in parallel: forbidden fifths and octaves are rare, and convolutions
were slow to find them.
The recurrent G draws pitch after pitch. The convolutional one makes the logits of all pitches
at once: a sum of those that hold for 8, 4, 2 and 1 steps (as the skips of StyleGAN2, Karras
2020, section 4.1).
"""

import keras
from keras import layers

from kgan.networks.blocks import answer, factories, generator_inputs, normalise
from kgan.networks.layers import Harmony, VoiceWriter

WIDTH = 128
WRITER_WIDTH = 256
NORM = "none"
HALVINGS = 3  # of the steps
MULTIPLE = 2**HALVINGS


def _check(shape):
    if shape[0] % MULTIPLE:
        raise ValueError(
            f"the number of steps must be a multiple of {MULTIPLE}; got {shape[0]}"
        )


def writer(
    roll_shape: tuple[int, ...], *, given: int = 0, width: int = WRITER_WIDTH
) -> keras.Model:
    """Builds a recurrent G: {"z": Gumbel noise (n, T, V - given, P)} -> one-hot pitches.

    Its one layer, "writer", is a `kgan.networks.layers.VoiceWriter`.

    Args:
        roll_shape: (T, V, P): steps, voices, and numbers of a one-hot pitch.
        given: above 0, a second input "source" (n, T, given, P) holds the first voices.
        width: of the GRU and of the hidden layers.
    """
    steps, voices, pitches = roll_shape
    inputs = {"z": keras.Input((steps, voices - given, pitches), name="z")}
    if given:
        inputs["source"] = keras.Input((steps, given, pitches), name="source")
    made = VoiceWriter(width, given, name="writer")(*inputs.values())
    return keras.Model(inputs, made, name="generator")


def generator(
    latent: int, roll_shape: tuple[int, ...], *, given: int = 0, width: int = WIDTH
) -> keras.Model:
    """Builds a convolutional G: {"z": (n, latent)} -> logits (n, T, V - given, P).

    Args:
        latent: numbers in z.
        roll_shape: (T, V, P): steps, voices, and numbers of a one-hot pitch.
        given: above 0, a second input "source" (n, T, given, P) holds the first voices.
        width: channels of the last hidden layer; the first have twice as many.

    Raises:
        ValueError: T is not a multiple of 8.
    """
    _check(roll_shape)
    steps, voices, pitches = roll_shape
    inputs, z = generator_inputs(latent, 0)
    x = layers.Dense(steps // MULTIPLE * 2 * width, use_bias=False)(z)
    # Convolutions in two dimensions, one of which is 1: batch norm knows those.
    x = layers.Reshape((steps // MULTIPLE, 1, 2 * width))(x)
    x = layers.ReLU()(normalise(x, "batch"))
    made = voices - given
    logits = []
    for level in range(HALVINGS):
        logits.append(_logits(x, made * pitches, steps))
        filters = 2 * width if level == 0 else width
        x = layers.Conv2DTranspose(
            filters, (4, 1), strides=(2, 1), padding="same", use_bias=False
        )(x)
        x = layers.ReLU()(normalise(x, "batch"))
    if given:
        inputs["source"] = keras.Input((steps, given, pitches), name="source")
        seen = layers.Reshape((steps, 1, given * pitches))(inputs["source"])
        seen = layers.ReLU()(layers.Conv2D(width, (5, 1), padding="same")(seen))
        x = layers.Concatenate()([x, seen])
    x = layers.ReLU()(layers.Conv2D(2 * width, (3, 1), padding="same")(x))
    x = layers.Add(dtype="float32")([*logits, _logits(x, made * pitches, steps)])
    x = layers.Reshape((steps, made, pitches), dtype="float32")(x)
    return keras.Model(inputs, x, name="generator")


def _logits(x, options, steps):
    """The logits of each step, from features of some steps: each holds for a while."""
    held = steps // x.shape[1]
    x = layers.Conv2D(options, 1, dtype="float32")(x)
    return layers.UpSampling2D((held, 1), dtype="float32")(x) if held > 1 else x


def discriminator(
    roll_shape: tuple[int, ...],
    *,
    width: int = WIDTH,
    norm: str = NORM,
    spectral: bool = False,
) -> keras.Model:
    """Builds D: shares of pitches (n, T, V, P) -> scores (n,).

    Args:
        roll_shape: (T, V, P).
        width: channels of the first layer.
        norm: "batch", "layer" or "none", after each convolution over time.
        spectral: whether to divide every layer by its largest singular value.

    Raises:
        ValueError: T is not a multiple of 8.
    """
    _check(roll_shape)
    steps, voices, pitches = roll_shape
    dense, conv = factories(spectral)
    roll = keras.Input(roll_shape, name="x")
    # As in G; spectral norm knows those as well.
    x = layers.Reshape((steps, 1, voices * pitches))(roll)
    harmony, parallels = Harmony(dtype="float32")(roll)
    x = layers.Concatenate()([x, harmony])
    for _ in range(2):
        x = layers.LeakyReLU(0.2)(conv(width, (1, 1))(x))
    for level in range(HALVINGS):
        filters = width if level == 0 else 2 * width
        x = conv(filters, (4, 1), strides=(2, 1), padding="same")(x)
        x = layers.LeakyReLU(0.2)(normalise(x, norm))
    x = layers.Concatenate(dtype="float32")([layers.Flatten()(x), parallels])
    score = answer(x, None, dense, None, lambda features: features)
    return keras.Model(roll, score, name="discriminator")
