"""Changes of images, each with a number per image, in the forms that XLA can take.

Images are float32 (n, H, W, C), and numbers (n,). What comes in from outside is 0, the
grey between -1 and 1. Moves are products with matrices of zeros and ones: they and their
gradients of any order are the same with XLA and without.
"""

import tensorflow as tf

from kgan.typing import Tensor


def mirrored(x: Tensor, whether: Tensor) -> Tensor:
    """Mirrors images left to right where `whether`, booleans (n,)."""
    return tf.where(each(whether), tf.reverse(x, [2]), x)


def turned(x: Tensor, quarters: Tensor) -> Tensor:
    """Turns images counter-clockwise by `quarters` of a turn, int (n,).

    Images that are not square are turned by half a turn or not at all: for an odd number
    they stay as they are.
    """
    _, height, width, _ = x.shape
    quarters = tf.math.floormod(quarters, 4)
    odd = tf.math.floormod(quarters, 2) == 1
    if height != width:
        quarters = tf.where(odd, 0, quarters)
    else:
        x = tf.where(each(odd), tf.transpose(x, (0, 2, 1, 3)), x)
    upside_down = (quarters == 1) | (quarters == 2)
    rows, columns = tf.range(height), tf.range(width)
    return _gathered(
        x,
        tf.where(upside_down[:, None], rows[::-1], rows),
        tf.where(quarters[:, None] >= 2, columns[::-1], columns),
    )


def shifted(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Shifts images by whole pixels, int (n,); what comes in is 0."""
    _, height, width, _ = x.shape
    rows = tf.range(height) - down[:, None]
    return _gathered(x, rows, tf.range(width) - right[:, None])


def cut_out(x: Tensor, row: Tensor, column: Tensor, share: Tensor) -> Tensor:
    """Sets a rectangle to 0.

    Args:
        x: images.
        row: its first row, float (n,); it may lie outside of the image.
        column: its first column.
        share: its height over that of the image, and its width over that of the image,
            float (n,); 0 cuts out nothing.
    """
    _, height, width, _ = x.shape
    inside = (
        _between(height, row, share)[:, :, None]
        & (_between(width, column, share)[:, None, :])
    )
    return tf.where(inside[..., None], 0.0, x)


def each(numbers: Tensor) -> Tensor:
    """Returns numbers (n,) as (n, 1, 1, 1)."""
    return tf.reshape(numbers, (-1, 1, 1, 1))


def _gathered(x, rows, columns):
    """The pixels at `rows` (n, H) and `columns` (n, W), 0 where these lie outside."""
    _, height, width, channels = x.shape
    of_rows, of_columns = tf.one_hot(rows, height), tf.one_hot(columns, width)
    x = tf.matmul(of_rows, tf.reshape(x, (-1, height, width * channels)))
    x = tf.reshape(x, (-1, height, width, channels))
    return tf.matmul(of_columns[:, None], x)


def _between(size, first, share):
    """Which of `size` places, (n, size), lie within `share` of them from `first` on."""
    places = tf.range(size, dtype=tf.float32)
    last = first + tf.floor(size * share + 0.5)
    return (places >= first[:, None]) & (places < last[:, None])
