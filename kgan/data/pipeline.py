"""Batches in an order that depends on nothing but the seed and the epoch."""

import numpy as np
import tensorflow as tf

from kgan.errors import UserError

# Far beyond any run, and still an int64 that `Dataset.range` can hold.
LAST_EPOCH = 2**62
CHANGE = 2**31  # sets the seeds of changes apart from those of orders


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


def batches(images, batch_size, *, seed, first_epoch=0, first_step=0, change=None):
    """Feed images for ever, in an order that a resumed run can take up again.

    The order of epoch e is a pure function of (seed, e). An epoch is
    `steps_per_epoch(images, batch_size)` batches; which images the remainder
    drops changes from epoch to epoch.

    Args:
        images: an `Images`.
        batch_size: images per batch.
        seed: any int64.
        first_epoch, first_step: the batch to begin with, both from 0.
        change: (a dict name -> float32 (batch_size, H, W, C), a seed, int64 (2,)) ->
            such a dict: what happens to the images of each of `images.parts`, such as
            `Jitter`. The seed is of the batch and the part.

    Returns:
        An infinite `tf.data.Dataset` of dicts with the names of `images.parts`:
        pixels as float32 (batch_size, H, W, C) in [-1, 1], labels as they are.

    Raises:
        UserError: if there is not one whole batch.
    """
    steps = steps_per_epoch(images, batch_size)
    parts = [
        _Part(number, part, len(images), seed)
        for number, part in enumerate(images.parts)
    ]

    def one_epoch(epoch):
        numbers = epoch * steps + tf.range(steps, dtype=tf.int64)
        orders = [
            tf.reshape(part.order(epoch)[: steps * batch_size], (steps, batch_size))
            for part in parts
        ]
        return tf.data.Dataset.from_tensor_slices((numbers, tuple(orders)))

    def batch(number, rows):
        found = {}
        for part, of_part in zip(parts, rows, strict=True):
            found |= part.look_up(of_part, number, change)
        return found

    return (
        tf.data.Dataset.range(first_epoch, LAST_EPOCH)
        .flat_map(one_epoch)
        .skip(first_step)  # row numbers only: costs nothing
        # Without this, a last and empty step would still run the training's
        # operations that do not depend on data.
        .apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))
        .map(batch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .prefetch(tf.data.AUTOTUNE)
    )


class _Part:
    """One of `Images.parts`: its order, and its rows."""

    def __init__(self, number, arrays, count, seed):
        self.number, self.count, self.seed = number, count, seed
        self.length = len(next(iter(arrays.values())))
        is_pixels = {name: array.dtype == np.uint8 for name, array in arrays.items()}
        self.pixels = {n: _pixel_lookup(a) for n, a in arrays.items() if is_pixels[n]}
        self.others = {n: _on_host(a) for n, a in arrays.items() if not is_pixels[n]}

    def order(self, epoch):
        """Rows for a whole epoch: every row once before any comes again."""
        rows = tf.range(self.length, dtype=tf.int64)
        shuffled = [
            tf.random.experimental.stateless_shuffle(rows, self._key(epoch, again))
            for again in range(-(-self.count // self.length))
        ]
        return tf.concat(shuffled, 0)[: self.count]

    def look_up(self, rows, number, change):
        """The part of batch `number`, counted from the first epoch's first."""
        # 255 / 127.5 is exactly 2, so white is exactly 1.
        found = {
            name: tf.cast(read(rows), tf.float32) / 127.5 - 1.0
            for name, read in self.pixels.items()
        }
        if change:
            found = change(found, self._key(number, CHANGE))
        return found | {n: tf.gather(held, rows) for n, held in self.others.items()}

    def _key(self, number, use):
        key = tf.stack([tf.constant(self.seed, tf.int64), number])
        use += self.number * 2**32
        return tf.random.experimental.stateless_fold_in(key, use) if use else key


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
