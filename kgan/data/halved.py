"""Data sets whose images have half the height and width, for a first stage."""

import dataclasses

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset, Generated
from kgan.data.kinds import Image

ROWS = 1024  # images that are halved together


def halved(data: Dataset) -> Dataset:
    """Returns a data set with the mean of each 2x2 pixels in place of its images.

    Args:
        data: a `Dataset` whose images have an even height and width.
    """
    images = {name for name, one in data.fields.items() if one.kind == Image()}
    fields = dict(data.fields)
    for name in images:
        height, width, channels = fields[name].shape
        fields[name] = fields[name]._replace(shape=(height // 2, width // 2, channels))
    return dataclasses.replace(
        data,
        fields=fields,
        groups=tuple(_group(group, images) for group in data.groups),
        held_out=data.held_out and halved(data.held_out),
        text="",
    )


def _group(group, images):
    if isinstance(group, Generated):
        return dataclasses.replace(
            group,
            draw=lambda n, seed: {
                name: _mean(value) if name in images else value
                for name, value in group.draw(n, seed).items()
            },
            text=f"{group.text}, halved",
        )
    return {
        name: np.concatenate(
            [_mean(array[i : i + ROWS]).numpy() for i in range(0, len(array), ROWS)]
        )
        if name in images
        else array
        for name, array in group.items()
    }


def _mean(images):
    """The mean of each 2x2 pixels of uint8 images (n, H, W, C), rounded."""
    mean = tf.nn.avg_pool2d(tf.cast(images, tf.float32), 2, 2, "VALID")
    return tf.cast(tf.round(mean), tf.uint8)
