"""The conditional GAN: G and D both get the label."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from kgan.controls import Choice, Control
from kgan.models import reading
from kgan.models.gan import GAN
from kgan.models.round import Round
from kgan.randomness import integers, split
from kgan.typing import Number, Seed, Tensor, Tensors

MOST_ROWS = 20  # a grid with a row for each of CIFAR-100's classes shows nothing


@keras.saving.register_keras_serializable("kgan")
class CGAN(GAN):
    """The game V = E[log D(x|y)] + E[log(1 - D(G(z|y)|y))] (Mirza 2014, Eq. 2).

    Args:
        classes: the names of the labels, or how many there are.
        generator: maps {"z": (n, d), "label": (n,)} to data.
        discriminator: maps {"x": data, "label": (n / pack, pack)} to scores; or to a
            dict with "score" and the logits that `kgan.models.reading` names.
        label_weight: weight of the classes that D reads off real data, in its loss, and
            off what G draws, in G's (AC-GAN, Odena 2017, Eq. 3, whose D learns from what
            G draws as well); 0 reads none.

    Batches have the keys "real" and "label", int (n,).

    Example:
        game = kgan.CGAN(
            mlp.generator(16, (8, 8, 1), classes=3, width=8),
            mlp.discriminator((8, 8, 1), classes=3, width=8),
            classes=("cat", "dog", "owl"),
        )
        owls = game.generate(4, seed=0, label="owl")  # uint8 (4, 8, 8, 1)
    """

    def __init__(
        self,
        *args: Any,
        classes: int | Sequence[str],
        label_weight: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = range(classes) if isinstance(classes, int) else classes
        self.classes = tuple(map(str, named))
        self.label_weight = label_weight
        if not label_weight:
            return
        if self.pack != 1:
            raise ValueError(
                "D reads the class of one picture: label_weight needs pack=1, got "
                f"pack={self.pack}"
            )
        if not reading.reads(self.discriminator):
            raise ValueError(
                "label_weight needs a discriminator whose outputs are score and "
                f"{reading.HEAD.format(0)}, the logits of the class"
            )
        self.tracked += ("D/classes", "G/classes")
        self.tracked += ("D/class_accuracy", "G/class_accuracy")

    def controls(self) -> tuple[Control, ...]:
        label = Choice("label", "the class to draw", self.classes)
        return (label, *super().controls())

    def latents(
        self,
        n: int | Tensor,
        seed: Seed,
        truncation: Number | None = None,
        label: Any = None,
    ) -> Tensors:
        z_seed, label_seed = split(seed, 2)
        if label is None:
            label = integers((n,), label_seed, len(self.classes))
        label = tf.broadcast_to(tf.cast(label, tf.int32), (n,))
        return super().latents(n, z_seed, truncation) | {"label": label}

    def control_values(self, latent: Tensors) -> Tensors:
        return {"label": latent["label"]}

    def sample_latents(self, batch: Tensors) -> Tensors:
        return super().sample_latents(batch) | {"label": batch["label"]}

    def discriminator_inputs(self, x: Tensor, batch: Tensors) -> Tensor | Tensors:
        return {"x": x, "label": ops.reshape(batch["label"], (-1, self.pack))}

    def max_terms(self, played: Round) -> Tensors:
        return super().max_terms(played) | self._read("D", played.real_answer, played)

    def min_terms(self, played: Round) -> Tensors:
        return super().min_terms(played) | self._read("G", played.answer, played)

    def _read(self, who, answer, played):
        """The term of the classes that D reads, if it does."""
        if not self.label_weight:
            return {}
        wanted = reading.options_of(played.batch["label"], answer)
        surprise, right = reading.surprise(answer, wanted)
        self.track(f"{who}/class_accuracy", right)
        return {"classes": self.label_weight * surprise}

    def preview_latents(self, seed: Seed) -> tuple[Tensors, int, int]:
        """Returns latents with a row per class; the samples of a column share z."""
        rows, columns = min(len(self.classes), MOST_ROWS), 10
        z = super().latents(columns, seed)["z"]
        label = np.repeat(np.arange(rows, dtype="int32"), columns)
        return {"z": tf.tile(z, (rows, 1)), "label": tf.constant(label)}, rows, columns

    def get_config(self) -> dict[str, Any]:
        own = {"classes": list(self.classes), "label_weight": self.label_weight}
        return super().get_config() | own
