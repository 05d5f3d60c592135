"""TensorFlow's view of an array that lies in memory, without a copy of it."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from kgan.data.decoding.memory import aligned, is_aligned
from kgan.typing import Tensor

# TensorFlow's name for a resource that belongs to its handles and goes with the last.
_ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347"


def shared_tensor(array: np.ndarray) -> Callable[[], Tensor]:
    """Returns a function without arguments that returns `array` as a host tensor.

    The function may be called in any graph, such as one of `tf.data.Dataset.map`. The
    tensor is the array's own memory, which is kept for as long as the function is.

    Args:
        array: of any type that TensorFlow has. It is copied, once, if it does not
            start at a multiple of 64 bytes, is not contiguous or is read-only:
            `kgan.data.decoding.memory.aligned` makes arrays that are not copied, and
            memory-mapped ones are not either.
    """
    if not is_aligned(array):
        copy = aligned(array.shape, array.dtype)
        copy[...] = array
        array = copy
    # A constant would be copied twice. A tensor that a function of tf.data captures
    # is copied into its graph; of a resource only the handle is. A tf.Variable would
    # be mirrored to every device of a strategy.
    if not array.size or array.dtype == np.bool_:  # DLPack has neither
        value = tf.constant(array)
    else:
        value = tf.experimental.dlpack.from_dlpack(array.__dlpack__())
    with tf.device("CPU:0"):
        handle = tf.raw_ops.VarHandleOp(
            dtype=value.dtype, shape=value.shape, shared_name=_ANONYMOUS
        )
        tf.raw_ops.AssignVariableOp(resource=handle, value=value)

    def read():
        found = tf.raw_ops.ReadVariableOp(resource=handle, dtype=value.dtype)
        return tf.ensure_shape(found, array.shape)

    return read
