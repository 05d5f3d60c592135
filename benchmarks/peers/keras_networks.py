"""The networks of kgan made of Keras' own layers, in the style of keras.io."""

import math

import keras
from keras import layers

PLANE_DEPTH = 3


def generator(case):
    """Builds G: noise (n, latent) -> images (n, H, W, C) in [-1, 1], or points (n, 2)."""
    if case.network == "plane":
        hidden = [layers.Dense(case.width, "relu") for _ in range(PLANE_DEPTH)]
        found = [*hidden, layers.Dense(2)]
    elif case.network == "mlp":
        found = []
        for factor in (1, 2, 4):
            found += [layers.Dense(factor * case.width), layers.LeakyReLU(0.2)]
        found.append(layers.Dense(math.prod(case.shape), "tanh"))
        found.append(layers.Reshape(case.shape))
    else:
        found = _convolutional_generator(case)
    return keras.Sequential([keras.Input((case.latent,)), *found])


def discriminator(case):
    """Builds D: images or points -> a score (n, 1); with a code, [score, *heads]."""
    if case.network == "plane":
        found = []
        for _ in range(PLANE_DEPTH):
            found += [layers.Dense(case.width), layers.LeakyReLU(0.2)]
    elif case.network == "mlp":
        found = [layers.Flatten()]
        for factor in (4, 2, 1):
            found += [layers.Dense(factor * case.width), layers.LeakyReLU(0.2)]
            found.append(layers.Dropout(0.3))
    else:
        found = _convolutional_discriminator(case)
    image = features = keras.Input(case.shape)
    for layer in found:
        features = layer(features)
    score = layers.Dense(1)(features)
    if not case.continuous:
        return keras.Model(image, score)
    hidden = layers.LeakyReLU(0.1)(_batch_norm()(layers.Dense(128)(features)))
    heads = [layers.Dense(size)(hidden) for size in (*case.categories, case.continuous)]
    return keras.Model(image, [score, *heads])


def classifier(case, classes=10):
    """Builds two models of images (n, H, W, C) in 0..255: features (n, 64), and logits."""
    image = x = keras.Input(case.shape)
    x = layers.Rescaling(1 / 127.5, -1)(x)
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    features = layers.Dense(64, "relu")(layers.Flatten()(x))
    return keras.Model(image, features), keras.Model(
        image, layers.Dense(classes)(features)
    )


def _convolutional_generator(case):
    size, _, channels = case.shape
    halvings, side = levels(size)
    deep = case.width * 2 ** (halvings - 1)
    wide = [16 * case.width] if case.network == "infogan" else []
    found = []
    for units in (*wide, side * side * deep):
        dense = layers.Dense(units, use_bias=False, kernel_initializer=_start(case))
        found += [dense, _batch_norm(), layers.ReLU()]
    found.append(layers.Reshape((side, side, deep)))
    for level in reversed(range(halvings - 1)):
        filters = case.width * 2**level
        up = layers.Conv2DTranspose(filters, 4, use_bias=False, **_halving(case))
        found += [up, _batch_norm(), layers.ReLU()]
    last = layers.Conv2DTranspose(channels, 4, activation="tanh", **_halving(case))
    return [*found, last]


def _convolutional_discriminator(case):
    halvings, _ = levels(case.shape[0])
    slope = 0.1 if case.network == "infogan" else 0.2
    found = []
    for level in range(halvings):
        found.append(layers.Conv2D(case.width * 2**level, 4, **_halving(case)))
        found += [_batch_norm()] if level and case.batch_norm else []
        found.append(layers.LeakyReLU(slope))
    found.append(layers.Flatten())
    if case.network == "infogan":
        found += [layers.Dense(16 * case.width), _batch_norm(), layers.LeakyReLU(slope)]
    return found


def levels(size):
    """Returns how often a side is halved and the side that is left, as `kgan.networks`."""
    halvings = 2
    while (size >> halvings) % 2 == 0 and size >> halvings > 4:
        halvings += 1
    return halvings, size >> halvings


def _halving(case):
    """Options of each strided convolution."""
    return {"strides": 2, "padding": "same", "kernel_initializer": _start(case)}


def _start(case):
    """Returns a new initializer; a shared one would repeat its numbers."""
    if case.network == "infogan":
        return keras.initializers.GlorotUniform()
    return keras.initializers.RandomNormal(stddev=0.02)


def _batch_norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
