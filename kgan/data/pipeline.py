"""Batches of a data set, in an order that depends only on the seed and the pass."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset, Generated
from kgan.data.decoding.sharing import shared_tensor
from kgan.data.kinds import Image
from kgan.data.shards.array import ShardedArray
from kgan.errors import UserError
from kgan.typing import Tensor, Tensors

# Far beyond any run, and still an int64 that `Dataset.range` can hold.
LAST_PASS = 2**62
CHANGE = 2**31  # sets the seeds of changes apart from those of orders
CHOICE = CHANGE + 1  # the same for those of choices among alternatives
DRAWN_TOGETHER = 50  # batches: a draw of few numbers is all overhead
# The stubs of TensorFlow do not know the module.
RANDOM = tf.random.experimental  # pyright: ignore[reportAttributeAccessIssue]

Change: TypeAlias = Callable[[Tensors, Tensor, "Share"], Tensors]


class Share(NamedTuple):
    """The rows of each batch that are read here, where several processes train together.

    Attributes:
        size: rows of the whole batch.
        rows: numbers of those that are read, in their order; None for all.
    """

    size: int
    rows: Sequence[int] | None = None

    def of(self, whole: Tensor) -> Tensor:
        """Returns the rows of this share, of a tensor (size, ...)."""
        return whole if self.rows is None else tf.gather(whole, self.rows)


def steps_per_pass(dataset: Dataset, batch_size: int) -> int:
    """Returns how many whole batches a data set has; the remainder is dropped.

    Raises:
        UserError: the batch size is no positive number, or there are fewer rows.
    """
    if batch_size < 1:
        raise UserError(f"batch_size={batch_size}", "is impossible", "use 1 or more")
    steps = len(dataset) // batch_size
    if not steps:
        raise UserError(
            f"batch_size={batch_size}",
            f"is more than the {len(dataset)} examples of {dataset.name} that one step "
            "may take",
            f"use at most {len(dataset)}, or more examples",
        )
    return steps


def batches(
    dataset: Dataset,
    batch_size: int,
    *,
    seed: int,
    start: tuple[int, int] = (0, 0),
    change: Change | None = None,
    rows: Sequence[int] | None = None,
) -> tf.data.Dataset:
    """Returns endless batches, in an order that a resumed run can continue.

    The order of pass p over the data is a pure function of (seed, p). A pass is
    `steps_per_pass(dataset, batch_size)` batches; which rows the remainder drops
    changes from pass to pass.

    Args:
        dataset: a `kgan.data.Dataset`.
        batch_size: rows per batch.
        seed: any int64.
        start: (pass, step) of the batch to begin with, both from 0.
        change: ({name: pictures, float32 (rows, H, W, C) in [0, 255]}, seed, int64
            (2,), `Share`) -> such a dict: what happens to the pictures of each group,
            such as `Jitter`. The seed is that of the batch and the group.
        rows: which rows of each batch to read, and in which order; None for all.

    Returns:
        An infinite `tf.data.Dataset` of dicts, name of a field -> (rows, ...), as it
        is stored; pictures that were changed are float32 in [0, 255].

    Raises:
        UserError: there is not one whole batch.
    """
    steps = steps_per_pass(dataset, batch_size)
    first, share = start[0] * steps + start[1], Share(batch_size, rows)
    parts = []
    for number, group in enumerate(dataset.groups):
        key = _Key(seed, number)
        if isinstance(group, Generated):
            parts.append(_drawn(group, share, key, first))
        else:
            stored = _Rows(group, dataset, share, steps, key)
            parts.append(stored.batches(start, change))
    whole = parts[0] if len(parts) == 1 else tf.data.Dataset.zip(tuple(parts))
    if len(parts) > 1:
        whole = whole.map(
            lambda *found: {k: v for one in found for k, v in one.items()}
        )
    # Without this, a last and empty step would still run the training's
    # operations that do not depend on data.
    infinite = tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY)
    return whole.apply(infinite).prefetch(tf.data.AUTOTUNE)


class _Key:
    """Seeds of one group: a function of the run's seed, a number and a use."""

    def __init__(self, seed, group):
        self.seed, self.group = seed, group

    def __call__(self, number, use=0):
        key = tf.stack([tf.constant(self.seed, tf.int64), tf.cast(number, tf.int64)])
        use += self.group * 2**32
        return RANDOM.stateless_fold_in(key, use) if use else key


def _drawn(group, share, key, first):
    """Batches of a `Generated` group, the `first` ones left out."""

    def some(turn):
        seed = tf.cast(key(turn), tf.int32)
        drawn = group.draw(DRAWN_TOGETHER * share.size, seed)
        return {
            name: tf.reshape(v, (DRAWN_TOGETHER, share.size, *v.shape[1:]))
            for name, v in drawn.items()
        }

    turns = tf.data.Dataset.range(first // DRAWN_TOGETHER, LAST_PASS)
    drawn = turns.map(some, tf.data.AUTOTUNE, deterministic=True).unbatch()
    drawn = drawn.skip(first % DRAWN_TOGETHER)
    if share.rows is None:
        return drawn
    return drawn.map(lambda batch: {k: share.of(v) for k, v in batch.items()})


class _Rows:
    """A group of arrays: its order, and its rows."""

    def __init__(self, arrays, dataset, share, steps, key):
        self.count, self.share, self.steps = len(dataset), share, steps
        self.key, self.length = key, len(next(iter(arrays.values())))
        self.pictures = {n for n in arrays if dataset.fields[n].kind == Image()}
        several = {k: v for k, v in dataset.alternatives.items() if k in arrays}
        self.look_ups = {name: _look_up(v) for name, v in (arrays | several).items()}
        self.several = {*several}

    def batches(self, start, change):
        number, step = start

        def read(number, every):
            rows, share = self.share.of(every), self.share
            found = {name: look_up(rows) for name, look_up in self.look_ups.items()}
            for name in self.several:
                found[name] = _one_of(found[name], self.key(number, CHOICE), share)
            if change and self.pictures:
                shown = {n: tf.cast(found[n], tf.float32) for n in self.pictures}
                found |= change(shown, self.key(number, CHANGE), share)
            return found

        order = tf.data.Dataset.range(number, LAST_PASS).flat_map(self._one_pass)
        order = order.skip(step)  # row numbers only: costs nothing
        return order.map(read, tf.data.AUTOTUNE, deterministic=True)

    def _one_pass(self, number):
        numbers = number * self.steps + tf.range(self.steps, dtype=tf.int64)
        used = self.steps * self.share.size
        rows = tf.reshape(self._order(number)[:used], (self.steps, self.share.size))
        return tf.data.Dataset.from_tensor_slices((numbers, rows))

    def _order(self, number):
        """Rows for a whole pass: every row once before any comes again."""
        rows = tf.range(self.length, dtype=tf.int64)
        shuffled = [
            RANDOM.stateless_shuffle(rows, self.key(number, again))
            for again in range(-(-self.count // self.length))
        ]
        return tf.concat(shuffled, 0)[: self.count]


def _one_of(several, key, share):
    """One of the alternatives of each row, (B, k, ...): those that are not all 0."""
    axes = range(2, len(several.shape))
    there = tf.reduce_sum(tf.cast(tf.reduce_any(several != 0, [*axes]), tf.int32), 1)
    chance = share.of(tf.random.stateless_uniform((share.size,), key))
    # float32 may round up to the number itself.
    number = tf.cast(chance * tf.cast(there, tf.float32), tf.int32)
    return tf.gather(several, tf.minimum(number, there - 1), batch_dims=1)


def _look_up(array):
    """A function from row numbers, int64 (B,), to those rows of `array`."""
    if not isinstance(array, np.memmap | ShardedArray):
        held = shared_tensor(array)
        return lambda rows: tf.gather(held(), rows)

    def read(rows):
        found = tf.numpy_function(
            lambda numbers: array[numbers], [rows], array.dtype, stateful=False
        )
        return tf.ensure_shape(found, (rows.shape[0], *array.shape[1:]))

    return read
