"""The signals of health that a step does not give by itself."""

import math

import numpy as np
import tensorflow as tf

REFERENCES = 1000  # real images that generated ones are looked up among


class Signals:
    """Measures a game on the same few images every time; changes nothing of it.

    Args:
        game: a compiled game.
        batch: some training data, as an ascent gets it, {"real": (n, ...), ...}.
        held_out: as much of data that is not trained on, or None.
        known: (images (N, H, W, C) in [-1, 1], labels (N,) int), by which generated
            images are given a class; None without labels.
    """

    def __init__(self, game, batch, held_out=None, known=None):
        self.game, self.batch, self.held_out = game, batch, held_out
        self._spread = _spread(batch["real"])
        self._known = known
        if known:
            images, labels = known
            classes = int(labels.max()) + 1
            shares = np.bincount(labels, minlength=classes) / len(labels)
            self._known = tf.constant(images), tf.constant(labels), classes
            self._varied = math.exp(-sum(p * math.log(p) for p in shares if p))
        # As Keras traces a train step: a variant sees the same Python in both.
        self._measure = tf.function(self._on_device, autograph=False)
        self._finite = tf.function(self._all_finite, autograph=False)

    def finite(self):
        """Which parts of the game hold a NaN or an infinity: a list of names."""
        return [name for name, whole in self._finite().items() if not whole]

    def measure(self):
        """name -> float:

        "finite_images" 1, or 0 where an image holds a NaN or an infinity;
        "distance" the mean distance of two generated images, over that of two real
        ones; "nearest" the same of each image and the one nearest to it; "classes"
        how many classes are drawn, exp of their entropy, over the same of the real
        images, each image having the class of the real one nearest to it;
        "saturation", "memory" as `kgan.models.diagnostics` tells.
        """
        found = self._measure()
        return {name: float(value) for name, value in found.items()}

    def _on_device(self):
        strategy = self.game.distribute_strategy
        found = strategy.run(self.game.probe, (self.batch, self.held_out))
        found = {k: strategy.experimental_local_results(v)[0] for k, v in found.items()}
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


def _squared(x, y):
    """Squared distances (n, m) of images."""
    x, y = (tf.reshape(v, (tf.shape(v)[0], -1)) for v in (x, y))
    lengths = [tf.reduce_sum(tf.square(v), axis=1) for v in (x, y)]
    products = 2.0 * tf.matmul(x, y, transpose_b=True)
    return tf.maximum(0.0, lengths[0][:, None] + lengths[1] - products)
