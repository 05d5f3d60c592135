"""Pieces that the builders share."""

import keras
import tensorflow as tf
from keras import layers, ops

from kgan.randomness import of_replica, uniform


def levels(size):
    """How often an image side is halved, and the side that is left.

    Twice at least, then on while the side is even and larger than 4:
    8 -> 2, 16 -> 4, 28 -> 7, 32 -> 4, 64 -> 4, 128 -> 4.

    Raises:
        ValueError: `size` is not a multiple of 4 from 8 to 128.
    """
    if size % 4 or not 8 <= size <= 128:
        raise ValueError(
            "Convolutional networks draw images whose side is a multiple of 4 "
            f"from 8 to 128; got {size}"
        )
    halvings = 2
    while (size >> halvings) % 2 == 0 and size >> halvings > 4:
        halvings += 1
    return halvings, size >> halvings


def check_square(image_shape):
    height, width, channels = image_shape
    if height != width:
        raise ValueError(f"Images must be square; got {height}x{width}")
    return height, channels


def normalise(x, kind):
    """Batch norm, layer norm (of a whole example), instance norm (of each channel
    of an example, without parameters) or nothing.
    """
    if kind == "batch":
        # 0.9, not Keras' 0.99: the statistics must keep up with a moving game.
        return BatchNorm(momentum=0.9, epsilon=1e-5)(x)
    if kind == "layer":
        return layers.GroupNormalization(groups=1, epsilon=1e-5)(x)
    if kind == "instance":
        return InstanceNorm()(x)
    if kind == "none":
        return x
    raise ValueError(f"norm must be batch, layer, instance or none; got {kind!r}")


def generator_inputs(latent, classes):
    """The named inputs of a generator, and its latent with the label beside it."""
    inputs = {"z": keras.Input((latent,), name="z")}
    if not classes:
        return inputs, inputs["z"]
    inputs["label"] = keras.Input((), dtype="int32", name="label")
    one_hot = ops.one_hot(inputs["label"], classes)
    return inputs, layers.Concatenate()([inputs["z"], one_hot])


def discriminator_inputs(image_shape, classes, pack):
    """Inputs, packed images (pack * C channels), and their labels one-hot or None."""
    *sides, channels = image_shape
    image = keras.Input((*sides, channels * pack), name="x")
    if not classes:
        return image, image, None
    label = keras.Input((pack,), dtype="int32", name="label")
    one_hot = layers.Flatten()(ops.one_hot(label, classes))
    return {"x": image, "label": label}, image, one_hot


def answer(features, one_hot, dense, heads, hidden):
    """D's score and what its other heads say, all in float32.

    With a label the score is psi(features) + <embedding(label), features>, the
    projection discriminator (Miyato & Koyama 2018, Eq. 5).

    Args:
        features: (n, f), the end of D's trunk.
        hot: the label one-hot, (n, k), or None.
        dense: a factory of dense layers, such as `Spectral` or `layers.Dense`.
        heads: name -> width of each further head; they share one layer `hidden`,
            a function of the features.
    """
    score = dense(1, name="score", dtype="float32")(features)
    if one_hot is not None:
        embedding = layers.Dense(features.shape[-1], use_bias=False)(one_hot)
        match = layers.Dot(axes=-1, dtype="float32")([embedding, features])
        score = layers.Add(dtype="float32")([score, match])
    score = layers.Reshape((), dtype="float32")(score)
    if not heads:
        return score
    shared = hidden(features)
    return {"score": score} | {
        name: layers.Dense(width, name=name, dtype="float32")(shared)
        for name, width in heads.items()
    }


def factories(spectral, start=keras.initializers.GlorotUniform):
    """Factories of dense and 2-D convolution layers.

    Args:
        spectral: wrap each layer in `SpectralNorm`.
        start: makes a layer's initializer.
    """

    def make(kind):
        def layer(*args, name=None, **kwargs):
            kwargs["kernel_initializer"] = start()
            if not spectral:
                return kind(*args, name=name, **kwargs)
            return SpectralNorm(kind(*args, use_bias=False, **kwargs), name=name)

        return layer

    return make(layers.Dense), make(layers.Conv2D)


@keras.saving.register_keras_serializable("kgan")
class Dropout(layers.Dropout):
    """Keras' dropout, with a mask that is the same under XLA, and another per replica."""

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        seed = of_replica(self.seed_generator.next())
        kept = uniform(ops.shape(inputs), seed) >= self.rate
        return ops.where(kept, inputs / (1.0 - self.rate), 0.0)


def standardised(x, scale, offset, epsilon):
    """Each channel of (n, H, W, C) times `scale` plus `offset`, in one operation.

    Returns:
        (the same with mean `offset` and deviation `scale`; mean (C,); variance (C,)).
    """
    found = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=scale,
        offset=offset,
        mean=[],
        variance=[],
        epsilon=epsilon,
        is_training=True,
    )
    count = ops.cast(ops.size(x), "float32") / ops.cast(ops.shape(x)[-1], "float32")
    biased = found.batch_variance * (count - 1.0) / count
    return found.y, found.batch_mean, biased


@keras.saving.register_keras_serializable("kgan")
class BatchNorm(layers.BatchNormalization):
    """Keras' batch norm of the last axis, in training one operation instead of ten."""

    def call(self, inputs, training=None, mask=None):
        if not training or not self.trainable:
            return super().call(inputs, training=training, mask=mask)
        flat = len(inputs.shape) == 2
        x = inputs[:, None, None] if flat else inputs
        y, mean, variance = standardised(
            x, self.gamma.value, self.beta.value, self.epsilon
        )
        pairs = (self.moving_mean, mean), (self.moving_variance, variance)
        for moving, now in pairs:
            moving.assign(moving * self.momentum + now * (1.0 - self.momentum))
        return y[:, 0, 0] if flat else y


@keras.saving.register_keras_serializable("kgan")
class InstanceNorm(layers.Layer):
    """Each channel of each image to mean 0 and deviation 1 (Ulyanov 2016).

    This is the batch norm of a batch of one; the images of a larger batch become so
    many channels. Without parameters.

    Args:
        epsilon: is added to the variance.
    """

    def __init__(self, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        n, height, width, channels = ops.shape(x)
        of_each = tf.ones((n * channels,))
        if isinstance(n, int) and n == 1:
            return standardised(x, of_each, 0.0 * of_each, self.epsilon)[0]
        x = ops.transpose(x, (1, 2, 0, 3))
        x = ops.reshape(x, (1, height, width, n * channels))
        y, *_ = standardised(x, of_each, 0.0 * of_each, self.epsilon)
        y = ops.reshape(y, (height, width, n, channels))
        return ops.transpose(y, (2, 0, 1, 3))

    def get_config(self):
        return super().get_config() | {"epsilon": self.epsilon}


@keras.saving.register_keras_serializable("kgan")
class Reflect(layers.Layer):
    """A border of `width` pixels that mirrors what is inside, without its edge."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, x):
        border = (self.width, self.width)
        return ops.pad(x, ((0, 0), border, border, (0, 0)), "reflect")

    def get_config(self):
        return super().get_config() | {"width": self.width}


@keras.saving.register_keras_serializable("kgan")
class Maxout(layers.Layer):
    """The largest of `pieces` neighbours (Goodfellow 2013): (n, k * pieces) -> (n, k)."""

    def __init__(self, pieces, **kwargs):
        super().__init__(**kwargs)
        self.pieces = pieces

    def call(self, x):
        return ops.max(
            ops.reshape(x, (-1, x.shape[-1] // self.pieces, self.pieces)), -1
        )

    def get_config(self):
        return super().get_config() | {"pieces": self.pieces}


@keras.saving.register_keras_serializable("kgan")
class SpectralNorm(layers.Wrapper):
    """A linear layer divided by its largest singular value (Miyato 2018, Eq. 8).

    Keras' own `SpectralNormalization` writes the divided kernel back on every
    call, so that D would change while G moves. Here the kernel stays what the
    optimizer made it: for a linear layer W x / sigma(W) is the output over sigma.

    Args:
        layer: `Dense` or `Conv2D` with `use_bias=False`; the bias lives here,
            behind the division.
    """

    def __init__(self, layer, **kwargs):
        # float32: in half precision sigma would be lost to rounding.
        super().__init__(layer, **({"dtype": "float32"} | kwargs))

    def build(self, input_shape):
        super().build(input_shape)
        width = self.layer.kernel.shape[-1]
        self.bias = self.add_weight(shape=(width,), initializer="zeros", name="bias")
        self.u = self.add_weight(
            shape=(width, 1), initializer="random_normal", trainable=False, name="u"
        )

    def call(self, x, training=False):
        kernel = ops.reshape(self.layer.kernel, (-1, self.layer.kernel.shape[-1]))
        kernel = ops.cast(kernel, "float32")
        # One step of the power iteration per call (Algorithm 1); u and v are
        # constants of the gradient.
        fixed = ops.stop_gradient(kernel)
        v = tf.math.l2_normalize(ops.matmul(fixed, self.u))
        u = tf.math.l2_normalize(ops.matmul(ops.transpose(fixed), v))
        if training:
            self.u.assign(u)
        sigma = ops.sum(ops.matmul(kernel, ops.stop_gradient(u)) * v)
        return ops.cast(self.layer(x), "float32") / sigma + self.bias

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)
