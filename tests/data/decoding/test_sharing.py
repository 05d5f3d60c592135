"""Tensors that are the memory of an array."""

import gc
import weakref

import numpy as np
import pytest
import tensorflow as tf

from kgan.data.decoding.memory import aligned
from kgan.data.decoding.sharing import shared_tensor


def rows_of(read, rows):
    data = tf.data.Dataset.from_tensors(rows).map(lambda rows: tf.gather(read(), rows))
    return next(iter(data)).numpy()


def test_a_change_of_the_array_is_seen():
    array = aligned((4, 2))
    array[...] = 1
    read = shared_tensor(array)
    assert (rows_of(read, [0, 3]) == 1).all()
    array[3] = 9
    assert rows_of(read, [0, 3]).tolist() == [[1, 1], [9, 9]]
    assert read()[3, 0].numpy() == 9


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32", "bool"])
def test_any_array_is_read(dtype):
    array = np.arange(200).astype(dtype)
    for one in (array[1:], array[::3], array[:0], np.broadcast_to(array[3], (6, 2))):
        read = shared_tensor(one)
        np.testing.assert_array_equal(read().numpy(), one)
        assert read().shape == one.shape


def test_mapped_files(tmp_path):
    array = np.memmap(tmp_path / "mapped", np.uint8, "w+", shape=(5, 8, 8, 1))
    array[...] = 3
    read = shared_tensor(array)
    array[2] = 4
    assert rows_of(read, [1, 2]).max(axis=(1, 2, 3)).tolist() == [3, 4]


def test_in_the_scope_of_a_strategy():
    array = aligned((4, 2))
    array[...] = 1
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        read = shared_tensor(array)
    array[0] = 5
    assert rows_of(read, [0]).tolist() == [[5, 5]]
    assert "CPU" in read().device


def test_the_memory_lives_as_long_as_the_function():
    held = np.zeros(1000, np.uint8).view(type("Traced", (np.ndarray,), {}))
    alive = weakref.ref(held)
    start = -held.ctypes.data % 64
    read = shared_tensor(held[start : start + 64])
    del held
    gc.collect()
    assert alive() is not None
    assert rows_of(read, [5]).tolist() == [0]
    del read
    gc.collect()
    assert alive() is None
