"""Signals of health that are measured in addition to what a step tracks."""

import math
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import tensorflow as tf

from kgan.data import batches, evenly
from kgan.data.dataset import Dataset
from kgan.typing import Tensors

if TYPE_CHECKING:
    from kgan.game import Game

REFERENCES = 1000  # real examples that generated ones are looked up among
LEAST, MOST = 32, 128  # examples that a check does a round on
DRAWS = 20  # of as many real images, whose classes are counted


class Signals:
    """Measures a game on the same few images every time; changes nothing of it.

    Args:
        game: a compiled game.
        batch: some training data as they are stored, {"real": (n, ...), ...}.
        held_out: as much of data that is not trained on, or None.
        known: (data as they are stored (N, ...), labels (N,) int), by which generated
            data are given a class; None without labels.
    """

    def __init__(
        self,
        game: "Game",
        batch: Tensors,
        held_out: Tensors | None = None,
        known: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        self.game = game
        self.batch = game.as_inputs(batch)
        self.held_out = held_out and game.as_inputs(held_out)
        self._spread = _spread(self.batch["real"])
        self._known: Any = None
        if known:
            stored, labels = known
            classes = int(labels.max()) + 1
            real = game.as_inputs({"real": stored})["real"]
            self._known = tf.constant(real), tf.constant(labels), classes
            self._varied = _varied(labels, len(self.batch["real"]))
        # As Keras traces a train step: a variant sees the same Python in both.
        self._measure = tf.function(self._on_device, autograph=False)
        self._finite = tf.function(self._all_finite, autograph=False)

    @classmethod
    def of(cls, game: "Game", data: Dataset, config: Any) -> Self:
        """Of a run, on data that its seed chooses.

        Args:
            game: a compiled game.
            data: a `kgan.data.Dataset`.
            config: of the run, with `batch_size` and `seed`.
        """
        held_out = data.held_out
        if held_out is not None and len(held_out) < LEAST:
            held_out = None
        few = min(
            max(LEAST, min(MOST, config.batch_size)),  # large batches need much memory
            len(data),
            len(held_out) if held_out else MOST,
        )
        pack = getattr(game, "pack", 1)  # games of two ways score one by one
        count = max(1, few // pack) * pack

        def some(of) -> Any:
            return next(iter(batches(of, count, seed=config.seed))) if of else None

        batch, unseen = some(data), some(held_out)
        if unseen and unseen.keys() != batch.keys():
            unseen = None  # a test part without labels, say
        return cls(game, batch, unseen, _labelled(data))

    def finite(self) -> list[str]:
        """Returns the parts of the game that hold a NaN or an infinity: a list of names."""
        return [name for name, whole in self._finite().items() if not whole]

    def measure(self) -> dict[str, float]:
        """Returns a dict, name of a signal -> float.

        "finite_images": 1, or 0 where an image holds a NaN or an infinity.
        "distance": the mean distance of two generated images, over that of two real
        ones. "nearest": the same for each image and the one nearest to it.
        "classes": how many classes are drawn, exp of their entropy, over the same of
        as many real images; an image has the class of the real one nearest to it.
        "saturation", "memory": see `kgan.models.diagnostics`.
        """
        found = self._measure()
        return {name: float(value) for name, value in found.items()}

    def _on_device(self):
        # Outside of the replicas: what several have is what one has, and no process
        # waits here for another.
        found = dict(self.game.diagnose(self.batch, self.held_out))
        fake = found.pop("fake", None)
        if fake is None:
            return found
        found["finite_images"] = tf.cast(_whole([fake]), tf.float32)
        mean, nearest = _spread(fake)
        found["distance"] = tf.math.divide_no_nan(mean, self._spread[0])
        found["nearest"] = tf.math.divide_no_nan(nearest, self._spread[1])
        if self._known:
            found["classes"] = self._classes(fake)
        return found

    def _classes(self, fake):
        images, labels, classes = self._known
        nearest = tf.argmin(_squared(fake, images), axis=1)
        # Not `bincount`, which --deterministic forbids on a GPU.
        drawn = tf.reduce_sum(tf.one_hot(tf.gather(labels, nearest), classes), axis=0)
        share = drawn / tf.reduce_sum(drawn)
        entropy = -tf.reduce_sum(tf.math.xlogy(share, share))
        return tf.exp(entropy) / self._varied

    def _all_finite(self):
        game = self.game
        # A norm may overflow while the gradient is one that float16 leaves out.
        losses = [
            sums
            for name, sums in game.running_means.columns().items()
            if not name.endswith("/gradient_norm")
        ]
        metrics = {id(v) for v in game.metrics_variables}
        weights = [v.value for v in game.state if id(v) not in metrics]
        return {"losses": _whole(losses), "weights": _whole(weights)}


def _whole(values):
    """Whether all of them are finite; whole numbers are."""
    floats = [v for v in values if tf.as_dtype(v.dtype).is_floating]
    return tf.reduce_all([tf.reduce_all(tf.math.is_finite(v)) for v in floats])


def _spread(x):
    """Root mean squares, over images (n, ...): distance of two, of the nearest two."""
    x = tf.cast(x, tf.float32)
    squared = _squared(x, x)
    count = tf.shape(x)[0]
    apart = tf.cast(count * (count - 1), tf.float32)
    mean = tf.reduce_sum(squared) / apart
    lowest = tf.linalg.set_diag(squared, tf.fill((count,), squared.dtype.max))
    return tf.sqrt(mean), tf.sqrt(tf.reduce_mean(tf.reduce_min(lowest, axis=1)))


def _varied(labels, count):
    """How many classes as many real images show, exp of their entropy, in the mean."""
    generator, found = np.random.default_rng(0), []
    for _ in range(DRAWS):
        drawn = generator.permutation(labels)[:count]
        shares = np.unique(drawn, return_counts=True)[1] / len(drawn)
        found.append(math.exp(-sum(p * math.log(p) for p in shares)))
    return float(np.mean(found))


def _squared(x, y):
    """Squared distances (n, m) of images."""
    x, y = (tf.reshape(v, (tf.shape(v)[0], -1)) for v in (x, y))
    lengths = [tf.reduce_sum(tf.square(v), axis=1) for v in (x, y)]
    products = 2.0 * tf.matmul(x, y, transpose_b=True)
    return tf.maximum(0.0, lengths[0][:, None] + lengths[1] - products)


def _labelled(data):
    """(data as they are stored, labels) from all over the data set, or None."""
    if "label" not in data or len(data.classes) < 2:
        return None
    return evenly(data["real"], REFERENCES), evenly(data["label"], REFERENCES)
