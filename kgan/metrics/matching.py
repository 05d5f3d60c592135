"""A network that tells which caption belongs to an image, and recall by its ranking.

It is trained on real images and their captions alone, by a seed of its own: a judge that
a generator was trained with is no judge.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from kgan.metrics import network as networks
from kgan.metrics.classifier_cache import ClassifierCache, digest
from kgan.typing import Log, PathLike

WIDTH = 64  # numbers in the vector of an image, and of a caption
EMBEDDING = 48  # numbers per word
TEMPERATURE = 0.1
RATE = 1e-3
SEED = 1234  # other than those that runs are given
TOGETHER = 500
CANDIDATES = 100


@dataclass(frozen=True, eq=False)
class Matcher:
    """A trained network: images and captions to vectors of length 1, which match or not.

    Attributes:
        model: {"image": (N, H, W, C), "caption": int32 (N, L)} -> (N, 2 * WIDTH), the
            vector of the image and that of the caption.
    """

    model: keras.Model

    def images(self, images: np.ndarray) -> np.ndarray:
        """Returns the vectors of uint8 images (N, H, W, C), float32 (N, WIDTH)."""
        length = self.model.input["caption"].shape[1]
        blank = np.zeros((len(images), length), np.int32)
        return self._vectors(images, blank)[:, :WIDTH]

    def captions(self, captions: np.ndarray) -> np.ndarray:
        """Returns the vectors of captions, int32 (N, L), float32 (N, WIDTH)."""
        shape = self.model.input["image"].shape[1:]
        blank = np.zeros((len(captions), *shape), np.uint8)
        return self._vectors(blank, captions)[:, WIDTH:]

    def _vectors(self, images, captions):
        given = {"image": images, "caption": captions}
        return self.model.predict(given, batch_size=TOGETHER, verbose=0)


def fit_matcher(
    pixels: np.ndarray,
    captions: np.ndarray,
    words: int,
    *,
    cache: PathLike | None = None,
    updates: int = networks.UPDATES,
    log: Log = print,
) -> Matcher:
    """Trains a matcher of images and captions, or loads it from the directory `cache`.

    The loss is the cross-entropy of the own caption among those of the batch, and of the
    own image among those of the batch; captions that are equal to the own one are left
    out. The vectors come from the convolutions of `fit_classifier` and from a GRU.

    Args:
        pixels: uint8 (N, H, W, C), as `fit_classifier` takes them.
        captions: int32 (N, L), 0 is padding.
        words: numbers that a word can have.
        cache: a directory, or None.
        updates: at least; two passes over the images if that is more.
        log: called with a line where the cache cannot be used.
    """
    shape = pixels.shape[1:], captions.shape[1], words
    model = _network(*shape)
    # Keras numbers the operation of the mask anew in each process.
    recipe = [SEED, updates, networks.BATCH, RATE, TEMPERATURE, WIDTH, EMBEDDING, words]
    image_network = networks.build_network(pixels.shape[1:], WIDTH, SEED)
    key = digest(image_network.to_json(), recipe, pixels, captions)
    place = ClassifierCache(cache, key, log)
    if place.load(model) is None:
        model = _network(*shape)
        given = {"image": pixels, "caption": captions}
        networks.train_network(
            model, given, captions, seed=SEED, updates=updates, loss=_loss, rate=RATE
        )
        place.store(model, 0.0, "")
    return Matcher(model)


def recall(
    images: np.ndarray, captions: np.ndarray, groups: np.ndarray, seed: int = 0
) -> float:
    """Returns R@1 of 100: how often an image's own caption is the nearest of 100.

    The others are drawn by chance among captions of another group, each once.

    Args:
        images: vectors of length 1, (N, d).
        captions: those of their captions, (N, d).
        groups: (N,); captions of one group mean the same, and are no wrong ones.
        seed: of the choice.

    Raises:
        ValueError: some caption has fewer than 99 others.
    """
    generator, hits = np.random.default_rng(seed), 0
    for number, group in enumerate(groups):
        others = np.flatnonzero(groups != group)
        if len(others) < CANDIDATES - 1:
            raise ValueError(
                f"{len(others)} other captions, of {CANDIDATES - 1} needed"
            )
        chosen = generator.choice(others, CANDIDATES - 1, replace=False)
        near = captions[chosen] @ images[number]
        hits += bool(captions[number] @ images[number] > near.max())
    return hits / len(groups)


def _network(shape, length, words):
    convolutions = networks.build_network(shape, WIDTH, SEED)
    image = convolutions.get_layer("flatten").output
    # Its own last layers, with dropout, learn the colours of digits and no digit.
    wide = networks.options("image_features", SEED + 10)
    image = layers.Dense(2 * WIDTH, activation="relu", **wide)(image)
    image = layers.Dense(WIDTH, **networks.options("image_vector", SEED + 11))(image)
    caption = keras.Input((length,), dtype="int32", name="caption")
    uniform = keras.initializers.RandomUniform(seed=SEED + 12)
    x = layers.Embedding(
        words, EMBEDDING, uniform, mask_zero=True, name="words", dtype="float32"
    )(caption)
    orthogonal = keras.initializers.Orthogonal(seed=SEED + 13)
    gates = networks.options("sentence", SEED + 14)
    # cuDNN takes no caption without a word, such as those that `images` sets in.
    gates |= {"recurrent_initializer": orthogonal, "use_cudnn": False}
    x = layers.GRU(WIDTH, **gates)(x)
    x = layers.Dense(WIDTH, **networks.options("caption_vector", SEED + 15))(x)
    vectors = [
        layers.UnitNormalization(name=f"unit_{one}", dtype="float32")(vector)
        for one, vector in (("image", image), ("caption", x))
    ]
    return keras.Model(
        {"image": convolutions.input, "caption": caption},
        layers.Concatenate(name="both", dtype="float32")(vectors),
        name="matcher",
    )


def _loss(captions, vectors):
    """Symmetric cross-entropy over the batch, (n,); equal captions are left out."""
    image, text = vectors[:, :WIDTH], vectors[:, WIDTH:]
    logits = ops.matmul(image, ops.transpose(text)) / TEMPERATURE
    count = ops.shape(logits)[0]
    own = ops.eye(count) > 0
    equal = ops.all(captions[:, None] == captions[None], axis=-1)
    logits = ops.where(ops.logical_and(equal, ops.logical_not(own)), -1e9, logits)
    right = ops.arange(count)
    return sum(
        keras.losses.sparse_categorical_crossentropy(right, one, from_logits=True)
        for one in (logits, ops.transpose(logits))
    )
