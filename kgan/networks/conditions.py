"""Conditions, such as what a caption says, in networks that draw and judge pictures."""

from collections.abc import Callable

import keras
from keras import layers, ops

from kgan.networks.words import Text
from kgan.typing import Tensor, Tensors

DIRECTION = 64  # numbers of the vectors in which D compares a picture and a caption


def joined(reader: keras.Model, draw: keras.Model) -> keras.Model:
    """Joins an encoder of captions and a painter to G."""
    z = keras.Input(draw.input["z"].shape[1:], name="z")
    caption = keras.Input(reader.input.shape[1:], dtype="int32", name="caption")
    found = reader(caption)
    taken = {k: v for k, v in found.items() if k in draw.input}
    return keras.Model(
        {"z": z, "caption": caption}, draw({"z": z} | taken), name="generator"
    )


def conditioned_scores(
    image: Tensor,
    features: Tensor,
    condition: int,
    head: Callable[[Tensor], Tensor],
    read: Callable[[Tensor], Tensor],
) -> tuple[Tensors, Tensors]:
    """Scores the features of an image with its condition and with a wrong one.

    Args:
        image: the input.
        features: the last features of the image, (n, h, w, c).
        condition: numbers in a condition.
        head: a function from the condition at each place of `features` to a score at
            one place, (n, 1, 1, 1).
        read: a function of a condition, before it is put at each place.

    Returns:
        (the inputs of D, its scores), both by name.
    """
    inputs, scores = {"x": image}, {}
    for name, output in (("condition", "score"), ("wrong", "wrong")):
        inputs[name] = keras.Input((condition,), name=name)
        given = tiled(read(inputs[name]), features)
        scores[output] = layers.Reshape((), dtype="float32")(head(given))
    return inputs, scores


def score_alone(features: Tensor, conv: Callable[..., layers.Layer]) -> Tensor:
    """Returns the score of an image without a caption, (n,)."""
    one = conv(1, features.shape[1:3], dtype="float32")(features)
    return layers.Reshape((), dtype="float32")(one)


def directions(
    features: Tensor, condition: Tensor, dense: Callable[..., layers.Layer]
) -> Tensors:
    """Returns an image and a condition as unit vectors, alike where both match.

    Returns: {"picture": float32 (n, `DIRECTION`), "text": float32 (n, `DIRECTION`)}.
    """
    read = layers.LeakyReLU(0.2)(dense(2 * DIRECTION)(condition))
    found = {"picture": layers.Flatten()(features), "text": read}
    found = {name: dense(DIRECTION)(x) for name, x in found.items()}
    unit = layers.UnitNormalization(dtype="float32")
    return {name: unit(x) for name, x in found.items()}


def drawn(inputs: Tensors, noise: Tensor) -> Tensor:
    """Returns the condition mean + deviation * e; the mean without augmentation."""
    if "log_deviation" not in inputs:
        return inputs["mean"]
    return inputs["mean"] + ops.exp(inputs["log_deviation"]) * noise


def tiled(condition: Tensor, features: Tensor) -> Tensor:
    """Returns the condition (n, c) at each place of `features`: (n, h, w, c)."""
    _, height, width, _ = features.shape
    return ops.tile(condition[:, None, None, :], (1, height, width, 1))


def painter_inputs(latent: int, text: Text) -> Tensors:
    """Returns the named inputs of a painter: z, and what the encoder says of a caption."""
    inputs: Tensors = {"z": keras.Input((latent,), name="z")}
    inputs["mean"] = keras.Input((text.condition,), name="mean")
    if text.augmented:
        inputs["log_deviation"] = keras.Input((text.condition,), name="log_deviation")
    return inputs
