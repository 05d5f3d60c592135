"""Running means of the values that a game tracks, all in one variable."""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence

import keras
import tensorflow as tf
from keras import ops

from kgan.replicas import summed
from kgan.typing import Number, Tensors


class RunningMeans(keras.metrics.Metric):
    """Running means of values under fixed names.

    A `keras.metrics.Mean` for each name would be two variables, each written and read by
    itself in every step. Here they are one, `sums`, float32 (2, names): totals, and how
    many values went into them. Replicas add what all of them gained, so that each holds
    the same: to read the means, or to save them, asks nothing of another process.

    Args:
        names: that `add` will be called with.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(name="running_means", dtype="float32")
        self.names: tuple[str, ...] = tuple(dict.fromkeys(names))
        self.sums = (
            keras.Variable(  # not `add_variable`, whose values differ by replica
                "zeros",
                shape=(2, len(self.names)),
                dtype="float32",
                trainable=False,
                aggregation="only_first_replica",
                name="sums",
            )
        )
        self._here = threading.local()  # replicas are threads that take turns

    @contextlib.contextmanager
    def written_once(self) -> Iterator[None]:
        """A context in which `add` collects values, written once at its end."""
        gathered = self._here.gathered = {}
        try:
            yield
            self._write(gathered)
        finally:
            self._here.gathered = None

    def add(self, name: str, values: Number) -> None:
        """Adds all of `values`, any shape, to the mean of `name`."""
        values = ops.cast(values, "float32")
        gathered = getattr(self._here, "gathered", None)
        gained = {} if gathered is None else gathered
        gained.setdefault(name, []).append((ops.sum(values), _size(values)))
        if gathered is None:
            self._write(gained)

    def result(self) -> Tensors:
        """Returns name -> mean, a scalar tensor; 0 where nothing was added."""
        means = tf.math.divide_no_nan(*tf.unstack(self.sums.value))
        return self._named(tf.unstack(means))

    def columns(self) -> Tensors:
        """Returns name -> (total, count), a tensor (2,)."""
        return self._named(tf.unstack(self.sums.value, axis=1))

    def read(self) -> dict[str, tuple[float, float]]:
        """Returns name -> (total, count), numbers."""
        return self._named(map(tuple, self.sums.numpy().T.tolist()))

    def _named(self, values):
        return dict(zip(self.names, values, strict=True))

    def _write(self, gained):
        every = [gained.get(name, [(0.0, 0.0)]) for name in self.names]
        parts = [[in_order(part) for part in zip(*one, strict=True)] for one in every]
        self.sums.assign_add(summed(tf.stack(parts, axis=1)))


def in_order(scalars: Sequence[Number]) -> Number:
    """Returns the sum of scalars, added up in the same order in every process.

    A chain of `+` is not: TensorFlow makes one operation of it, whose order differs from
    process to process, and so may the last bit.
    """
    return scalars[0] if len(scalars) == 1 else tf.reduce_sum(tf.stack(scalars))


def _size(values):
    known = values.shape.num_elements()
    return tf.cast(tf.size(values), tf.float32) if known is None else float(known)
