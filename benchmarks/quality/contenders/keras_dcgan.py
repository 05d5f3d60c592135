"""The DCGAN of keras.io ("GAN overriding train_step"), written anew from its recipe.

Images in [0, 1], z 128, no batch norm, LeakyReLU .2. D sees real and generated images at once;
their labels are 0 and 1, to which U(0, .05) is added. As there, neither network is told
that it trains, so that dropout does nothing.

For photographs of 64 pixels (the page since 2021): G: a dense layer to 128 maps, transposed
convolutions of 128, 256 and 512 channels and a 5x5 convolution; D: convolutions of 64, 128
and 128 channels, dropout; kernels 4x4, stride 2; Adam 1e-4, batches of 32.
For digits of 28 pixels (the page of 2020): G: the same with two of 128 channels and a 7x7
convolution; D: 3x3 convolutions of 64 and 128 channels and the largest value of each map;
Adam 3e-4, batches of 64.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

LATENT = 128
DIGITS = 32  # the largest side of what is a digit
DRAWN = 100


def generator(shape):
    """Builds G: z (n, 128) -> images in [0, 1]."""
    small = shape[0] <= DIGITS
    filters = (128, 128) if small else (128, 256, 512)
    side = shape[0] // 2 ** len(filters)
    z = keras.Input((LATENT,))
    x = layers.Dense(side * side * 128)(z)
    x = layers.LeakyReLU(negative_slope=0.2)(x) if small else x
    x = layers.Reshape((side, side, 128))(x)
    for channels in filters:
        x = layers.Conv2DTranspose(channels, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    last = 7 if small else 5
    x = layers.Conv2D(shape[2], last, padding="same", activation="sigmoid")(x)
    return keras.Model(z, x)


def discriminator(shape):
    """Builds D: images -> the probability that they are generated."""
    small = shape[0] <= DIGITS
    image = x = keras.Input(shape)
    for channels in (64, 128) if small else (64, 128, 128):
        kernel = 3 if small else 4
        x = layers.Conv2D(channels, kernel, strides=2, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    if small:
        x = layers.GlobalMaxPooling2D()(x)
    else:
        x = layers.Dropout(0.2)(layers.Flatten()(x))
    return keras.Model(image, layers.Dense(1, activation="sigmoid")(x))


class DCGAN(keras.Model):
    """The two networks and their step."""

    def __init__(self, shape):
        super().__init__()
        rate, self.size = (3e-4, 64) if shape[0] <= DIGITS else (1e-4, 32)
        self.g, self.d = generator(shape), discriminator(shape)
        self.g_adam, self.d_adam = (keras.optimizers.Adam(rate) for _ in range(2))
        self.loss_fn = keras.losses.BinaryCrossentropy()

    def train_step(self, real):
        size = tf.shape(real)[0]
        both = tf.concat([self.g(tf.random.normal((size, LATENT))), real], 0)
        labels = tf.concat([tf.ones((size, 1)), tf.zeros((size, 1))], 0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            d_loss = self.loss_fn(labels, self.d(both))
        _descend(self.d_adam, tape, d_loss, self.d.trainable_weights)
        z = tf.random.normal((size, LATENT))
        with tf.GradientTape() as tape:
            g_loss = self.loss_fn(tf.zeros((size, 1)), self.d(self.g(z)))
        _descend(self.g_adam, tape, g_loss, self.g.trainable_weights)
        return {"d_loss": d_loss, "g_loss": g_loss}


def train(images, watch, task):
    """Trains with `fit` until the watch has enough."""
    keras.utils.set_random_seed(task.seed)
    watch.start()
    game = DCGAN(images.shape[1:])
    game.compile()
    feed = tf.data.Dataset.from_tensor_slices(images)
    feed = feed.shuffle(len(images)).repeat().batch(game.size).map(_unit)
    game.fit(feed.prefetch(2), epochs=1, verbose=0, callbacks=[_Leaving(watch)])
    return {"versions": {"tensorflow": tf.__version__, "keras": keras.__version__}}


def _descend(optimizer, tape, loss, weights):
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))


def _unit(batch):
    return tf.cast(batch, tf.float32) / 255.0


class _Leaving(keras.callbacks.Callback):
    """Asks the watch after every step."""

    def __init__(self, watch):
        super().__init__()
        self.watch = watch

    def on_train_batch_end(self, batch, logs=None):
        if not self.watch.goes_on((batch + 1) * self.model.size, self._draw):
            self.model.stop_training = True

    def _draw(self, n):
        parts = [
            self.model.g(tf.random.normal((min(DRAWN, n - start), LATENT)))
            for start in range(0, n, DRAWN)
        ]
        return np.uint8(np.rint(255 * np.clip(np.concatenate(parts), 0, 1)))
