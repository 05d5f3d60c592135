"""A pool of images that G made earlier."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan import replicas
from kgan.randomness import split, uniform
from kgan.typing import Seed, Tensor


@keras.saving.register_keras_serializable("kgan")
class ImagePool(keras.layers.Layer):
    """A pool of earlier fakes, so that D does not forget them (Shrivastava 2017, 2.3).

    It stores every fake until it is full. From then on each new fake is swapped with a
    random one of the pool with probability 1/2 (Zhu 2017, section 4). Its contents are
    weights, which a checkpoint saves and restores. Several replicas fill one pool, with
    the fakes of all of them in the order of the batch.

    Args:
        size: how many images it holds; no fewer than the batch of all replicas has.
        image_shape: (H, W, C), or of any other rank.
    """

    def __init__(self, size: int, image_shape: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(**({"dtype": "float32", "trainable": False} | kwargs))
        self.size, self.image_shape = size, tuple(image_shape)
        own = {
            "initializer": "zeros",
            "trainable": False,
            "aggregation": "only_first_replica",
        }
        # Not `add_weight`, which cannot say how replicas share a variable.
        shape = (size, *self.image_shape)
        self.held = keras.Variable(shape=shape, dtype="float32", name="held", **own)
        # Not int32: TensorFlow keeps that on the CPU, where XLA on a GPU cannot reach it.
        self.count = keras.Variable(shape=(), dtype="int64", name="count", **own)
        self.built = True

    def call(self, fresh: Tensor, seed: Seed) -> Tensor:
        """Returns the images that D sees in place of the new fakes, of the same shape.

        Args:
            fresh: the new fakes, (n, H, W, C), n known; of all replicas at most `size`.
            seed: int32 (2,).
        """
        own, *rest = fresh.shape
        n = own and own * replicas.count()
        if n is None or n > self.size:
            raise ValueError(f"A pool of {self.size} cannot serve a batch of {n}")
        fresh = tf.ensure_shape(
            replicas.gathered(tf.cast(fresh, "float32")), (n, *rest)
        )
        chance, choice = split(seed, 2)
        row, count = tf.range(n), tf.cast(self.count.value, tf.int32)
        places_left = self.size - count
        fills = row < places_left
        # Each swap has an old image of its own: the first of the filled places in
        # a random order, beginning with the first row that does not fill one.
        order = tf.where(
            tf.range(self.size) < count,
            uniform((self.size,), choice, alike=True),
            -1.0,
        )
        old = tf.math.top_k(order, n).indices
        place = tf.where(
            fills,
            count + row,
            tf.gather(old, tf.maximum(row - tf.maximum(places_left, 0), 0)),
        )
        swaps = ~fills & (uniform((n,), chance, alike=True) < 0.5)
        before = tf.gather(self.held.value, place)
        shown = tf.where(_wide(swaps, fresh), before, fresh)
        kept = tf.where(_wide(swaps | fills, fresh), fresh, before)
        self.held.assign(
            tf.tensor_scatter_nd_update(
                tf.convert_to_tensor(self.held.value), place[:, None], kept
            )
        )
        self.count.assign(ops.minimum(self.count + n, self.size))
        return tf.ensure_shape(replicas.own_rows(shown), (own, *rest))

    def get_config(self) -> dict[str, Any]:
        mine = {"size": self.size, "image_shape": self.image_shape}
        return super().get_config() | mine


def _wide(rows, like):
    """One value per example, (n,), as (n, 1, ...): of the rank of `like`."""
    return tf.reshape(rows, (-1,) + (1,) * (like.shape.rank - 1))
