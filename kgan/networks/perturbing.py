"""A generator that changes its source by so much and no more."""

import keras
from keras import layers, ops


def bounded(network: keras.Model, epsilon: float) -> keras.Model:
    """Returns G: {"source": x} -> x + 2 epsilon network(x), clipped to [-1, 1].

    Args:
        network: maps {"source": images} to what is added, in [-1, 1].
        epsilon: the largest change of a pixel, of the range of 1; images in [-1, 1]
            change by twice that.
    """
    source = network.input["source"]
    change = layers.Rescaling(2 * epsilon, dtype="float32")(network.output)
    # float32: half precision would round the pixels.
    x = ops.cast(source, "float32") + change
    return keras.Model({"source": source}, ops.clip(x, -1.0, 1.0), name=network.name)
