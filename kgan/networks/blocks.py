"""Pieces that the builders of networks share: sizes, norms, inputs and outputs."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras
from keras import layers, ops

from kgan.networks.layers import BatchNorm, InstanceNorm, SpectralNorm
from kgan.networks.sides import CONVOLUTIONAL
from kgan.typing import Tensor, Tensors

Classes: TypeAlias = int | tuple[int, ...]
HEAD = "attribute_{}"  # the head of D with the logits of an attribute, by its number


def levels(height: int, width: int) -> tuple[int, tuple[int, int]]:
    """Returns how often an image is halved, and the height and width that are left.

    It is halved at least twice, and then again while both sides are even and larger
    than 4: 8 -> 2, 28 -> 7, 32 -> 4, 128 -> 4; 128x96 -> 4x3, 128x256 -> 4x8.

    Raises:
        ValueError: (height, width) is not one of `sides.CONVOLUTIONAL`.
    """
    CONVOLUTIONAL.check("A convolutional network", (height, width))
    halvings, left = 2, (height // 4, width // 4)
    while all(side % 2 == 0 and side > 4 for side in left):
        halvings, left = halvings + 1, (left[0] // 2, left[1] // 2)
    return halvings, left


def normaliser(kind: str) -> Callable[[Tensor], Tensor]:
    """Returns a layer that normalises, which can be called several times.

    Args:
        kind: "batch", "layer" (over a whole example), "instance" (over each channel of
            an example, without parameters) or "none".

    Raises:
        ValueError: another kind.
    """
    if kind == "batch":
        # 0.9, not Keras' 0.99: the statistics must keep up with a moving game.
        return BatchNorm(momentum=0.9, epsilon=1e-5)
    if kind == "layer":
        return layers.GroupNormalization(groups=1, epsilon=1e-5)
    if kind == "instance":
        return InstanceNorm()
    if kind == "none":
        return lambda x: x
    raise ValueError(f"norm must be batch, layer, instance or none; got {kind!r}")


def normalise(x: Tensor, kind: str) -> Tensor:
    """Adds a normalisation of x, the output of a layer; `kind` as of `normaliser`."""
    return normaliser(kind)(x)


def one_hot_parts(label: Tensor, classes: Classes) -> Tensor:
    """Returns labels (...) as (..., k): one-hot, or the options of each attribute so.

    Args:
        label: whole numbers.
        classes: how many there are; of combinations of attributes, how many options
            each attribute has, where the last one counts fastest. So a combination that
            was never seen is made of parts that were.
    """
    if isinstance(classes, int):
        return ops.one_hot(label, classes)
    parts = []
    for size in reversed(classes):
        parts.insert(0, ops.one_hot(ops.mod(label, size), size))
        label = ops.floor_divide(label, size)
    return ops.concatenate(parts, axis=-1)


def generator_inputs(latent: int, classes: Classes) -> tuple[Tensors, Tensor]:
    """Returns the named inputs of a generator, and z joined with the one-hot label.

    Args:
        latent: numbers in z.
        classes: as of `one_hot_parts`; 0 has no label.
    """
    inputs = {"z": keras.Input((latent,), name="z")}
    if not classes:
        return inputs, inputs["z"]
    inputs["label"] = keras.Input((), dtype="int32", name="label")
    one_hot = one_hot_parts(inputs["label"], classes)
    return inputs, layers.Concatenate()([inputs["z"], one_hot])


def discriminator_inputs(
    image_shape: tuple[int, ...], classes: Classes, pack: int
) -> tuple[Tensor | Tensors, Tensor, Tensor | None]:
    """Returns the inputs of a discriminator, its images and their one-hot labels.

    Args:
        image_shape: (H, W, C) of one image.
        classes: as of `one_hot_parts`; 0 has no labels.
        pack: images that are joined along their channels (PacGAN, Lin 2018).

    Returns:
        (one input or a dict of them, images (n, H, W, C * pack), labels
        (n, pack * k) or None).
    """
    *sides, channels = image_shape
    image = keras.Input((*sides, channels * pack), name="x")
    if not classes:
        return image, image, None
    label = keras.Input((pack,), dtype="int32", name="label")
    one_hot = layers.Flatten()(one_hot_parts(label, classes))
    return {"x": image, "label": label}, image, one_hot


def answer(
    features: Tensor,
    one_hot: Tensor | None,
    dense: Callable[..., Any],
    heads: dict[str, int] | None,
    hidden: Callable[[Tensor], Tensor],
) -> Tensor | Tensors:
    """Builds D's score and the outputs of its other heads, all in float32.

    With a label the score is psi(features) + <embedding(label), features>, the
    projection discriminator (Miyato & Koyama 2018, Eq. 5).

    Args:
        features: (n, f), the last features that all heads share.
        one_hot: the one-hot label, (n, k), or None.
        dense: a factory of dense layers, such as `Spectral` or `layers.Dense`.
        heads: name -> width of each further head.
        hidden: a function of the features: the layers that the heads share.

    Returns:
        Scores (n,); or, with heads, a dict of them as "score" and of each head's
        output (n, width).
    """
    score = dense(1, name="score", dtype="float32")(features)
    if one_hot is not None:
        start = keras.initializers.GlorotUniform()  # whatever the network's own
        fitting = dense(features.shape[-1], use_bias=False, kernel_initializer=start)
        embedding = fitting(one_hot)
        match = layers.Dot(axes=-1, dtype="float32")([embedding, features])
        score = layers.Add(dtype="float32")([score, match])
    score = layers.Reshape((), dtype="float32")(score)
    return with_heads(score, features, heads, hidden)


def attribute_heads(sizes: Sequence[int]) -> dict[str, int]:
    """Returns the heads of a D that reads attributes: name -> how many options."""
    return {HEAD.format(number): size for number, size in enumerate(sizes)}


def with_heads(
    score: Tensor,
    features: Tensor,
    heads: dict[str, int] | None,
    hidden: Callable[[Tensor], Tensor],
) -> Tensor | Tensors:
    """Returns a score, (n,), together with further heads as `answer` builds them."""
    if not heads:
        return score
    shared = hidden(features)
    return {"score": score} | {
        name: layers.Dense(width, name=name, dtype="float32")(shared)
        for name, width in heads.items()
    }


def factories(
    spectral: bool,
    kernel_initializer: Callable[[], Any] = keras.initializers.GlorotUniform,
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Returns factories of dense and of 2-D convolution layers.

    Args:
        spectral: whether to wrap each layer in `SpectralNorm`.
        kernel_initializer: makes an initializer, anew for each layer.
    """

    def make(kind):
        def layer(*args, name=None, **kwargs):
            if "kernel_initializer" not in kwargs:
                kwargs["kernel_initializer"] = kernel_initializer()
            if not spectral:
                return kind(*args, name=name, **kwargs)
            kwargs["use_bias"] = False
            return SpectralNorm(kind(*args, **kwargs), name=name)

        return layer

    return make(layers.Dense), make(layers.Conv2D)
