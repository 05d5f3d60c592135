"""The networks of MoCoGAN (Tulyakov 2018), small: frames from content and motion.

The code of a frame is the content, which is the same in a whole clip, and the output of a
GRU, which reads new noise at each frame. One network draws all frames. D are two networks:
one scores each frame alone, one the whole clip with convolutions in three dimensions.
"""

import keras
from keras import layers, ops

from kgan.networks import dcgan
from kgan.networks.blocks import levels, normalise

SIDES = dcgan.SIDES
WIDTH = 16
NORM = "none"


def generator(
    content: int, motion: int, clip_shape: tuple[int, ...], *, width: int = WIDTH
) -> keras.Model:
    """Builds G: {"z": (n, content), "motion": (n, T, motion)} -> clips in [-1, 1].

    Args:
        content: numbers in z, which holds in all frames of a clip.
        motion: numbers of the noise that each frame adds.
        clip_shape: (T, H, W, C), H and W of `SIDES`.
        width: channels of the last hidden layer of the network that draws frames.
    """
    frames, *shape = clip_shape
    z = keras.Input((content,), name="z")
    noise = keras.Input((frames, motion), name="motion")
    moves = layers.GRU(motion, return_sequences=True, unroll=True)(noise)
    held = layers.RepeatVector(frames)(z)
    codes = layers.Concatenate()([held, moves])
    draw = dcgan.generator(content + motion, tuple(shape), width=width)
    drawn = draw({"z": ops.reshape(codes, (-1, content + motion))})
    clips = layers.Activation("linear", dtype="float32")(drawn)
    clips = ops.reshape(clips, (-1, *clip_shape))
    return keras.Model({"z": z, "motion": noise}, clips, name="generator")


def discriminator(
    clip_shape: tuple[int, ...], *, width: int = WIDTH, norm: str = NORM
) -> keras.Model:
    """Builds both D in one: clips (n, T, H, W, C) -> scores (n, 2, T).

    The first row is the score of the clip, T times, so that it weighs as much as the
    second, the scores of the frames.

    Args:
        clip_shape: (T, H, W, C), H and W of `SIDES`.
        width: channels of the first layers.
        norm: "layer" or "none".
    """
    frames, *shape = clip_shape
    clip = keras.Input(clip_shape, name="x")
    see = dcgan.discriminator(tuple(shape), width=width, norm=norm, name="frames")
    scores = ops.reshape(see(ops.reshape(clip, (-1, *shape))), (-1, 1, frames))
    x, halvings = clip, levels(*shape[:2])[0]
    for level in range(halvings):
        x = layers.Conv3D(
            width * 2**level,
            4,
            strides=2,
            padding="same",
            kernel_initializer=dcgan.small(),
        )(x)
        x = layers.LeakyReLU(0.2)(x if level == 0 else normalise(x, norm))
    whole = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    whole = layers.Reshape((1, frames), dtype="float32")(
        layers.RepeatVector(frames, dtype="float32")(whole)
    )
    both = layers.Concatenate(axis=1, dtype="float32")([whole, scores])
    return keras.Model(clip, both, name="discriminator")
