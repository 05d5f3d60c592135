"""AdvGAN (Xiao 2018): a generator of adversarial examples against a classifier."""

from typing import Any

import keras
from keras import ops

from kgan.data.dataset import Field
from kgan.models.round import Round
from kgan.models.translator import Translator, side_by_side
from kgan.typing import Seed, Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class AdvGAN(Translator):
    """The game in which G changes images so that a classifier errs, and D looks for them.

    The max side is D and the classifier C. C lowers its cross-entropy on real images and
    on changed ones; D tells the two apart. G wants C to err, D to be fooled, and the
    change to be small: with x' = G(x) it lowers

        w log C(x')_y + a L_adversarial(D(x')) + h max(0, |x' - x| - c)

    (Xiao 2018, Eq. 1 to 4). The paper's C is fixed; here it learns as well, as in the
    generative adversarial trainer of Lee 2017. Such a C holds against this G; whether it
    holds against another attack has to be measured.

    Args:
        generator: maps {"source": images} to changed images, both in [-1, 1]; the bound
            on a pixel is its own, see `kgan.networks.perturbing`.
        discriminator: maps images to scores.
        classifier: maps images in [-1, 1] to logits (n, K).
        misleading_weight: w.
        adversarial_weight: a.
        perturbation_weight: h.
        free: c, the length of a change that costs nothing: the root mean square over
            pixels, of the range of 1.
        hardens: whether C learns from changed images; otherwise from real ones alone.

    Batches have the keys "real" and "label", int (n,).

    Example:
        from kgan.networks import encoder, patch, perturbing, unet

        classifier = encoder.classifier((8, 8, 1), 3, width=2)
        game = kgan.AdvGAN(
            perturbing.bounded(unet.generator((8, 8, 1), 1, width=2), 0.3),
            patch.discriminator((8, 8, 1), depth=1, width=2),
            classifier=classifier,
        )
        changed = game.generate(source=np.zeros((3, 8, 8, 1), "uint8"))
    """

    def __init__(
        self,
        *args: Any,
        classifier: keras.Model,
        misleading_weight: float = 1.0,
        adversarial_weight: float = 1.0,
        perturbation_weight: float = 1.0,
        free: float = 0.3,
        hardens: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.classifier = classifier
        self.misleading_weight = misleading_weight
        self.adversarial_weight = adversarial_weight
        self.perturbation_weight = perturbation_weight
        self.free, self.hardens = free, hardens
        learned = ("D/of_changed",) if hardens else ()
        self.tracked += ("D/of_real", *learned, "G/misleading", "G/perturbation")
        self.tracked += ("C right, real", "C right, changed")

    @property
    def source_field(self) -> Field:
        """The `Field` of the images that are changed: that of the real data."""
        return self.real_field

    def max_players(self) -> list[keras.Model]:
        return [self.discriminator, self.classifier]

    def sample_latents(self, batch: Tensors) -> Tensors:
        return {"source": batch["real"]}

    def _cross_entropy(self, x: Tensor, label: Tensor, name: str) -> Tensor:
        """The cross-entropy of C, (n,); the share that it names right is tracked."""
        logits = ops.cast(self.classifier(x, training=True), "float32")
        right = ops.argmax(logits, -1) == ops.cast(label, "int32")
        self.track(f"C right, {name}", ops.cast(right, "float32"))
        return keras.losses.sparse_categorical_crossentropy(
            label, logits, from_logits=True
        )

    def max_terms(self, played: Round) -> Tensors:
        terms = super().max_terms(played)
        label = played.batch["label"]
        terms["of_real"] = self._cross_entropy(played.batch["real"], label, "real")
        if self.hardens:
            terms["of_changed"] = self._cross_entropy(played.fake, label, "changed")
        return terms

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        terms["adversarial"] = self.adversarial_weight * terms["adversarial"]
        label = played.batch["label"]
        wrong = self._cross_entropy(played.fake, label, "changed")
        apart = ops.cast(played.fake, "float32") - played.batch["real"]
        # Pixels in [-1, 1] have a range of 2.
        length = ops.sqrt(ops.mean(ops.square(apart), (1, 2, 3)) + 1e-12) / 2
        return terms | {
            "misleading": -self.misleading_weight * wrong,
            "perturbation": self.perturbation_weight * ops.relu(length - self.free),
        }

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns a row per held-out image: itself, changed, and the change around grey."""
        if not data:
            return {}
        real = data["real"]
        changed = self.translate(real)
        return {"real": side_by_side(self, real, changed, changed - real)}

    def get_config(self) -> dict[str, Any]:
        names = ("misleading_weight", "adversarial_weight", "perturbation_weight")
        names += ("free", "hardens")
        part = {"classifier": self.classifier}
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(part)
            | {name: getattr(self, name) for name in names}
        )
