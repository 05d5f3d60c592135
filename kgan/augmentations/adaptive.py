"""Adaptive discriminator augmentation (Karras 2020)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from kgan.augmentations.augmentation import register
from kgan.augmentations.random_transforms import RandomTransforms
from kgan.errors import UserError
from kgan.replicas import count, summed
from kgan.typing import Number, Tensor, Tensors

if TYPE_CHECKING:
    from kgan.objectives import Objective

REAL = "D/accuracy_real"


@register
class Adaptive(RandomTransforms):
    """Applies transforms with a p that follows how far D overfits (Karras 2020, Eq. 1).

    r_t = E[sign(D(x))] over real data x: 0 for a D that guesses, 1 for one that knows all
    of them. Every `interval` ascents p moves by sign(r_t - target) times the images since
    then over `images`. The sign is taken about the threshold of the objective, for a
    relativistic one of D(x) - D(G(z)).

    Args:
        target: of r_t.
        images: real images in which p can rise from 0 to 1. The paper's 500,000 are more
            than a small run sees; it takes 100,000 for fine-tuning.
        interval: ascents between two changes.
        start: p at the start.
        most: the largest p; the paper has none, and from .8 on transforms leak.
        names: of the transforms, as `RandomTransforms` takes them.
    """

    def __init__(
        self,
        target: float = 0.6,
        images: int = 100_000,
        interval: int = 4,
        start: float = 0.0,
        most: float = 0.8,
        names: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(start, names, **kwargs)
        self.target, self.images, self.interval = target, images, interval
        self.start, self.most = start, most

        def variable(name, value):
            return keras.Variable(
                value,
                dtype="float32",
                trainable=False,
                aggregation="only_first_replica",
                name=name,
            )

        self.p = variable("p", start)
        self.r_t = variable("r_t", 0.0)
        # Since the last change: the sum of signs, the images and the ascents.
        self.window = variable("window", [0.0, 0.0, 0.0])

    def check(self, objective: "Objective") -> None:
        if REAL not in objective.accuracies:
            raise UserError(
                "augmentations=adaptive",
                "follows how often D is right on real data, and a critic of "
                f"{type(objective).__name__} has no threshold",
                "use `augmentations=diffaugment`, or another objective",
            )

    def strength(self, iteration: Tensor) -> Number:
        return self.p.value

    def observe(self, accuracy: Tensors) -> None:
        right = tf.cast(accuracy[REAL], tf.float32)
        right = tf.reduce_mean(tf.reshape(right, (tf.shape(right)[0], -1)), axis=1)
        ascent = 1.0 / count()
        images = tf.cast(tf.size(right), tf.float32)
        found = tf.stack([tf.reduce_sum(2.0 * right - 1.0), images, ascent])
        self.window.assign(self.window + summed(found))

    def update(self, played: Any) -> None:
        signs, images, ascents = tf.unstack(self.window.value)
        due = ascents > self.interval - 0.5
        r_t = tf.where(due, tf.math.divide_no_nan(signs, images), self.r_t.value)
        # D scores packs of images.
        change = tf.sign(r_t - self.target) * images * played.pack / self.images
        p = tf.clip_by_value(self.p.value + tf.where(due, change, 0.0), 0.0, self.most)
        self.p.assign(p)
        self.r_t.assign(r_t)
        self.window.assign(tf.where(due, 0.0, self.window.value))

    def readings(self) -> Tensors:
        return {"augmentation/p": self.p.value, "augmentation/r_t": self.r_t.value}

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["p"]
        names = ("target", "images", "interval", "start", "most")
        return config | {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Adaptive":
        return cls(**config)
