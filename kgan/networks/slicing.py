"""Slicing adversarial networks (Takida 2024): a D that learns its last direction apart."""

from typing import Any

import keras
from keras import layers

from kgan.networks.layers import SlicedDense, SpectralNorm


def sliced(discriminator: keras.Model) -> keras.Model:
    """Returns a D with a `SlicedDense` in place of its last linear layer.

    Its outputs are those of `discriminator` and, as "direction", what a game adds to D's
    loss for fakes and takes away for real data. The other layers are shared.

    Raises:
        ValueError: the score does not come from one linear layer with one unit.
    """
    outputs: Any = discriminator.output
    outputs = outputs if isinstance(outputs, dict) else {"score": outputs}
    last = _maker(discriminator, outputs["score"])
    if isinstance(last, layers.Reshape):
        last = _maker(discriminator, last.input)
    linear = last.layer if isinstance(last, SpectralNorm) else last
    if not isinstance(linear, layers.Dense) or linear.units != 1:
        raise ValueError(
            f"D's score comes from a {type(linear).__name__}, and not from a linear layer "
            "with one unit"
        )
    pair = SlicedDense(name="sliced", dtype="float32")(last.input)
    names = ("score", "direction")
    found = {
        name: layers.Reshape((), dtype="float32")(one)
        for name, one in zip(names, pair, strict=True)
    }
    return keras.Model(discriminator.input, outputs | found, name=discriminator.name)


def _maker(network, tensor):
    """The layer whose output a tensor is."""
    return next(layer for layer in network.layers if layer.output is tensor)
