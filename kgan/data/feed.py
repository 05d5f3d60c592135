"""Batches in an order that depends on nothing but the seed and the epoch."""

import numpy as np
import tensorflow as tf

from kgan.errors import UserError

# Far beyond any run, and still an int64 that `Dataset.range` can hold.
LAST_EPOCH = 2**62


def steps_per_epoch(images, batch_size):
    """How many whole batches the images give; the remainder is dropped.

    Raises:
        UserError: if the batch size is no positive number, or more than there
            are images.
    """
    if batch_size < 1:
        raise UserError(f"batch size {batch_size} is impossible: use 1 or more")
    steps = len(images) // batch_size
    if not steps:
        raise UserError(
            f"batch size {batch_size} is more than the {len(images)} images of "
            f"{images.name}: use a batch size of at most {len(images)}, or more images"
        )
    return steps


def batches(images, batch_size, *, seed, first_epoch=0, first_step=0):
    """Feed images for ever, in an order that a resumed run can take up again.

    The order of epoch e is a pure function of (seed, e). An epoch is
    `steps_per_epoch(images, batch_size)` batches; which images the remainder
    drops changes from epoch to epoch.

    Args:
        images: an `Images`.
        batch_size: images per batch.
        seed: any int64.
        first_epoch, first_step: the batch to begin with, both from 0.

    Returns:
        An infinite `tf.data.Dataset` of dicts: "real", float32 (batch_size, H, W, C)
        in [-1, 1]; and, if there are labels, "label", int32 (batch_size,).

    Raises:
        UserError: if there is not one whole batch.
    """
    steps = steps_per_epoch(images, batch_size)
    count = len(images)

    def one_epoch(epoch):
        key = tf.stack([tf.constant(seed, tf.int64), epoch])
        order = tf.random.experimental.stateless_shuffle(
            tf.range(count, dtype=tf.int64), seed=key
        )
        rows = tf.reshape(order[: steps * batch_size], (steps, batch_size))
        return tf.data.Dataset.from_tensor_slices(rows)

    return (
        tf.data.Dataset.range(first_epoch, LAST_EPOCH)
        .flat_map(one_epoch)
        .skip(first_step)  # row numbers only: costs nothing
        # Without this, a last and empty step would still run the training's
        # operations that do not depend on data.
        .apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))
        .map(_lookup(images), num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def _lookup(images):
    """Return a function from row numbers, int64 (B,), to a batch."""
    pixels = _pixel_lookup(images.pixels)
    labels = None if images.labels is None else _on_host(images.labels)

    def batch(rows):
        # 255 / 127.5 is exactly 2, so white is exactly 1.
        found = {"real": tf.cast(pixels(rows), tf.float32) / 127.5 - 1.0}
        if labels is not None:
            found["label"] = tf.gather(labels, rows)
        return found

    return batch


def _pixel_lookup(pixels):
    """Return a function from row numbers, int64 (B,), to uint8 (B, H, W, C)."""
    if not isinstance(pixels, np.memmap):
        held = _on_host(pixels)
        return lambda rows: tf.gather(held, rows)

    def read(rows):
        found = tf.numpy_function(
            lambda numbers: pixels[numbers], [rows], tf.uint8, stateful=False
        )
        return tf.ensure_shape(found, (rows.shape[0], *pixels.shape[1:]))

    return read


def _on_host(array):
    # An eager tensor outside of the graph: constants in it end at 2 GB, and the
    # accelerator's memory is for the networks.
    with tf.device("CPU:0"):
        return tf.constant(array)
