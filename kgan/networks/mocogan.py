"""The networks of MoCoGAN (Tulyakov 2018), small: frames from content and motion.

The content is the same in a whole clip; the motion is the output of a GRU, which reads new
noise at each frame. In the paper one network draws each frame from both. Small and trained
for minutes, it changes what it draws as that moves: so by default the content alone draws
a picture, and the motion says where it lies in each frame.

D are two networks: one scores some frames, each alone, and one the whole clip with
convolutions in three dimensions. The paper's D of frames sees one of each clip. A frame's
features are averaged over its area, so that what was learned of a thing at one place helps
at the others.
"""

import keras
from keras import layers, ops

from kgan.networks import dcgan
from kgan.networks.blocks import levels, normalise
from kgan.networks.layers.placed import Placed

SIDES = dcgan.SIDES
WIDTH = 16
ONCE = 4  # times as wide is the network that draws one picture for a whole clip
FRAMES = 2  # times as wide is the D of frames
EVERY = 4  # one of so many frames is scored by itself
NORM = "none"


def generator(
    content: int,
    motion: int,
    clip_shape: tuple[int, ...],
    *,
    width: int = WIDTH,
    placed: bool = True,
) -> keras.Model:
    """Builds G: {"z": (n, content), "motion": (n, T, motion)} -> clips in [-1, 1].

    Args:
        content: numbers in z, which holds in all frames of a clip.
        motion: numbers of the noise that each frame adds.
        clip_shape: (T, H, W, C), H and W of `SIDES`.
        width: channels of the last hidden layer of the network that draws; `ONCE` times
            as many where it draws one picture for a clip.
        placed: whether the motion places what the content draws, or each frame is drawn
            from the numbers of both (the paper).
    """
    z = keras.Input((content,), name="z")
    noise = keras.Input((clip_shape[0], motion), name="motion")
    # The authors draw the first state of the GRU, so that no clip begins as another.
    start = layers.Dense(motion, "tanh")(noise[:, 0])
    gru = layers.GRU(motion, return_sequences=True, unroll=True)
    draw = _placed if placed else _drawn
    drawn = draw(z, gru(noise, initial_state=start), clip_shape, width)
    clips = layers.Activation("linear", dtype="float32")(drawn)
    clips = ops.reshape(clips, (-1, *clip_shape))
    return keras.Model({"z": z, "motion": noise}, clips, name="generator")


def _placed(z, moves, clip_shape, width):
    """Frames (n, T, H, W, C) that show one picture, each at a place of its own."""
    draw = dcgan.generator(z.shape[1], clip_shape[1:], width=ONCE * width)
    where = layers.Dense(4, "tanh", dtype="float32")(moves)
    return Placed()([draw({"z": z}), where])


def _drawn(z, moves, clip_shape, width):
    """Frames (n T, H, W, C), each drawn from z and its motion."""
    frames, *shape = clip_shape
    codes = layers.Concatenate()([layers.RepeatVector(frames)(z), moves])
    draw = dcgan.generator(codes.shape[-1], tuple(shape), width=width)
    return draw({"z": ops.reshape(codes, (-1, codes.shape[-1]))})


def discriminator(
    clip_shape: tuple[int, ...], *, width: int = WIDTH, norm: str = NORM
) -> keras.Model:
    """Builds both D in one: clips (n, T, H, W, C) -> scores (n, 2, k), k = ceil(T / 4).

    The first row is the score of the clip, k times, so that it weighs as much as the
    second, the scores of every fourth frame.

    Args:
        clip_shape: (T, H, W, C), H and W of `SIDES`.
        width: channels of the first layer for clips; that for frames has twice as many.
        norm: "layer" or "none".
    """
    halvings = levels(*clip_shape[1:3])[0]
    clip = keras.Input(clip_shape, name="x")
    frames = clip[:, ::EVERY]
    seen = frames.shape[1]
    flat = ops.reshape(frames, (-1, *clip_shape[1:]))
    scores = _frames(flat, halvings, FRAMES * width, norm)
    scores = ops.reshape(scores, (-1, 1, seen))
    x = _halved(clip, layers.Conv3D, halvings, width, norm)
    whole = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    whole = ops.repeat(whole[:, None], seen, axis=2)
    both = layers.Concatenate(axis=1, dtype="float32")([whole, scores])
    return keras.Model(clip, both, name="discriminator")


def _frames(x, halvings, width, norm):
    """Scores of frames (n, H, W, C), (n, 1): where a thing lies hardly matters."""
    x = _halved(x, layers.Conv2D, halvings, width, norm)
    x = layers.Conv2D(x.shape[-1], 3, padding="same")(x)
    x = layers.GlobalAveragePooling2D()(layers.LeakyReLU(0.2)(normalise(x, norm)))
    return layers.Dense(1, dtype="float32")(x)


def _halved(x, conv, halvings, width, norm):
    """Features of all axes, halved so many times."""
    for level in range(halvings):
        x = conv(width * 2**level, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x if level == 0 else normalise(x, norm))
    return x
