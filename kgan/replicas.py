"""What the replicas of a `tf.distribute` strategy share: data in rounds, random numbers.

A game does not depend on the number of its replicas if an example meets the same numbers
and lies in the same round on any of them. Replica k of R holds the k-th part of each round.
"""

from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf

from kgan.typing import Dimensions, Tensor, Tensors


def count() -> int:
    """Returns how many replicas the strategy has that this code runs under; 1 without."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def deal(batch: Tensor | Tensors, rounds: int, replicas: int) -> Tensor | Tensors:
    """Orders a batch so that its k-th part holds the k-th part of each round.

    A strategy gives each replica a contiguous part of a batch, which would hold whole
    rounds of it, and the rounds of two replicas would be other ones than those of one.

    Args:
        batch: a tensor (rounds * n, ...), or a dict of them.
        rounds: how many rounds of data an iteration takes.
        replicas: how many there are; they divide n.
    """

    def dealt(x: Any) -> Any:
        tail = tf.shape(x)[1:]
        parts = tf.reshape(x, tf.concat([[rounds, replicas, -1], tail], 0))
        return tf.reshape(tf.experimental.numpy.swapaxes(parts, 0, 1), tf.shape(x))

    return tf.nest.map_structure(dealt, batch)


def own_places(size: int, rounds: int, strategy: Any, first: int) -> Any:
    """Returns which rows of a batch the replicas of this process take, int (n,).

    Args:
        size: rows of a batch, of all its rounds.
        rounds: how many rounds of data an iteration takes.
        strategy: a `tf.distribute.Strategy`.
        first: the number of this process' first replica.
    """
    replicas = strategy.num_replicas_in_sync
    here = len(strategy.extended.worker_devices)
    numbers: Any = deal(tf.range(size), rounds, replicas)
    parts = tf.reshape(numbers, (replicas, -1))
    return tf.reshape(parts[first : first + here], (-1,)).numpy()


def own_values(variables: Iterable[Any]) -> list[Any]:
    """Returns the values of Keras variables as they are saved and restored.

    Of one whose replicas differ, such as a metric of Keras, that of this process' first
    replica: to read it whole would be a sum, for which other processes have to be there.
    """

    def own(value: Any) -> Any:
        on_read = tf.VariableSynchronization.ON_READ
        several = isinstance(value, tf.distribute.DistributedValues)
        if not several or value.synchronization != on_read:
            return value
        return value.distribute_strategy.experimental_local_results(value)[0]

    return [own(variable.value) for variable in variables]


def own_share(draw: Callable[[Any], Tensor], shape: Dimensions) -> Tensor:
    """Draws for the rows of all replicas, and returns those of this one.

    The number that an example meets then does not depend on how many replicas there are.

    Args:
        draw: makes numbers of a shape.
        shape: of what is returned; its first axis is that of the examples. A number
            without axes is the same for all replicas.
    """
    context = tf.distribute.get_replica_context()
    replicas = context.num_replicas_in_sync if context else 1
    if replicas == 1 or _rank(shape) == 0:
        return draw(shape)
    every = draw(tf.concat([[replicas], shape], 0))
    return every[context.replica_id_in_sync_group]


def summed(x: Tensor) -> Tensor:
    """Returns the sum of x over all replicas, the same on each."""
    return x if count() == 1 else _context().all_reduce("SUM", x)


def averaged(x: Tensor) -> Tensor:
    """Returns the mean of x over all replicas, the same on each."""
    return x if count() == 1 else _context().all_reduce("MEAN", x)


def listed(x: Tensor) -> Tensor:
    """Returns the small tensors x of all replicas, (replicas, ...), in their order."""
    if count() == 1:
        return x[None]
    own = tf.one_hot(_context().replica_id_in_sync_group, count(), dtype=x.dtype)
    # One sum: `all_gather` would ask for shapes first.
    return summed(tf.tensordot(own, x, 0))


def gathered(x: Tensor) -> Tensor:
    """Returns the rows of all replicas, (n * replicas, ...), in their order."""
    if count() == 1:
        return x
    every = _context().all_gather(x, 0)
    return tf.ensure_shape(every, (None, *x.shape[1:]))  # which a graph would forget


def own_rows(every: Tensor) -> Tensor:
    """Returns this replica's rows, (n, ...), of `gathered` ones."""
    replicas = count()
    if replicas == 1:
        return every
    parts = tf.reshape(every, tf.concat([[replicas, -1], tf.shape(every)[1:]], 0))
    rows = parts[_context().replica_id_in_sync_group]
    return tf.ensure_shape(rows, (None, *every.shape[1:]))


def _context() -> Any:
    return tf.distribute.get_replica_context()


def _rank(shape):
    if tf.is_tensor(shape):
        return shape.shape[0]
    return len(shape)
