"""A classifier of several attributes at once, trained on real images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from scipy.special import log_softmax

from kgan.errors import UserError
from kgan.metrics import network as networks
from kgan.metrics.classifier import Classifier
from kgan.metrics.classifier_cache import ClassifierCache, digest
from kgan.typing import Log, PathLike


@dataclass(frozen=True, eq=False)
class AttributeClassifier:
    """A trained classifier: images (N, H, W, C), 0..255, to the options of A attributes.

    Attributes:
        classifier: its logits are those of all attributes, side by side.
        sizes: how many options each attribute has.
    """

    classifier: Classifier
    sizes: tuple[int, ...]

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Returns the most probable option of each attribute, int32 (N, A)."""
        parts = _parts(self.classifier.logits(images), self.sizes)
        return np.stack([part.argmax(1) for part in parts], 1).astype(np.int32)

    def log_probabilities(self, images: np.ndarray) -> list[np.ndarray]:
        """Returns the logarithm of the probability of each option, (N, options) each."""
        parts = _parts(self.classifier.logits(images), self.sizes)
        return [log_softmax(part, axis=1) for part in parts]


def fit_attributes(
    pixels: np.ndarray,
    values: np.ndarray,
    sizes: Sequence[int],
    *,
    cache: PathLike | None = None,
    seed: int = 0,
    updates: int = networks.UPDATES,
    log: Log = print,
) -> AttributeClassifier:
    """Trains a classifier of attributes, or loads it from the directory `cache`.

    It is the network of `fit_classifier`, with an answer for each attribute.

    Args:
        pixels: uint8 (N, H, W, C), H and W multiples of 4 from 8 to 128.
        values: the option of each attribute, int32 (N, A).
        sizes: how many options each attribute has.
        cache: a directory, or None.
        seed: of the weights and of the order of the images.
        updates: at least; two passes over the images if that is more.
        log: called with a line where the cache cannot be used.

    Raises:
        UserError: a value that is no option.
    """
    sizes = tuple(sizes)
    if (values < 0).any() or (values >= np.array(sizes)).any():
        raise UserError("attributes", f"a value is no option of {sizes}")
    model = networks.build_network(pixels.shape[1:], sum(sizes), seed)
    recipe = [seed, updates, networks.BATCH, networks.LEARNING_RATE, list(sizes)]
    key = digest(model.to_json(), recipe, pixels, values)
    place = ClassifierCache(cache, key, log)
    if place.load(model) is None:
        model = networks.build_network(pixels.shape[1:], sum(sizes), seed)
        networks.train_network(
            model, pixels, values, seed=seed, updates=updates, loss=_loss(sizes)
        )
        place.store(model, 0.0, "")
    return AttributeClassifier(Classifier(model, 0.0, key), sizes)


def _loss(sizes) -> Callable[..., Any]:
    """The sum of the cross-entropies of the attributes."""

    def loss(values, logits):
        return sum(
            keras.losses.sparse_categorical_crossentropy(
                values[:, number], part, from_logits=True
            )
            for number, part in enumerate(_parts(logits, sizes))
        )

    return loss


def _parts(logits, sizes):
    """The logits of each attribute."""
    ends = np.cumsum(sizes).tolist()
    return [logits[:, end - size : end] for end, size in zip(ends, sizes, strict=True)]
