"""The pix2pix game: a translation that is learnt from pairs."""

from typing import Any

import keras
from keras import ops

from kgan.augmentations import InstanceNoise
from kgan.models.round import Round
from kgan.models.translator import Translator, distance
from kgan.typing import Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class Pix2Pix(Translator):
    """The game V(D, G) + lambda E|y - G(x)| on pairs (x, y) (Isola 2017, Eq. 4).

    D scores the pair (x, y) or (x, G(x)), with the channels of both in one image. The
    noise z is the dropout inside G, in training only: a trained G is deterministic.

    Args:
        discriminator: maps images with the channels of source and target, in this
            order, to scores.
        l1_weight: lambda.
        adversarial_weight: the weight of the adversarial term in G's loss; 0 leaves
            only the distance, which is Isola's L1 alone.
        augmentations: as of `GAN`, of those only `kgan.augmentations.InstanceNoise`.
        pool: 0, as an earlier fake belongs to another source.
        distance: "l1", or "l2" for the squared distance in its place.

    Batches have the keys "source" and "real"; row i of both is a pair.

    Raises:
        ValueError: an augmentation or a pool that would part the pairs.

    Example:
        from kgan.networks import patch, unet

        game = kgan.Pix2Pix(
            unet.generator((8, 8, 1), 1, width=2),
            patch.discriminator((8, 8, 2), depth=1, width=2),
        )
        outlines = np.zeros((3, 8, 8, 1), "uint8")
        drawn = game.generate(source=outlines)  # uint8 (3, 8, 8, 1)
    """

    def __init__(
        self,
        *args: Any,
        l1_weight: float = 100.0,
        adversarial_weight: float = 1.0,
        distance: str = "l1",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._check_pairs()
        self.l1_weight, self.adversarial_weight = l1_weight, adversarial_weight
        self.distance = distance
        self.tracked += (f"G/{distance}",)

    def _check_pairs(self):
        if self.pool:
            raise ValueError(
                f"pool={self.pool}: D sees a picture with its source, and an earlier one "
                "has another"
            )
        odd = [x for x in self.augmentations if not isinstance(x, InstanceNoise)]
        if odd:
            raise ValueError(
                f"{type(odd[0]).__name__} would change one picture of a pair, and D sees "
                "both; use InstanceNoise, or none"
            )

    def discriminator_inputs(self, x: Tensor, batch: Tensors) -> Tensor | Tensors:
        source = self.packed(batch["source"])
        return ops.concatenate([source, ops.cast(x, source.dtype)], axis=-1)

    def min_terms(self, played: Round) -> Tensors:
        apart = distance(played.fake, played.batch["real"], self.distance)
        terms = super().min_terms(played)
        terms["adversarial"] = self.adversarial_weight * terms["adversarial"]
        return terms | {self.distance: self.l1_weight * apart}

    def get_config(self) -> dict[str, Any]:
        names = ("l1_weight", "adversarial_weight", "distance")
        return super().get_config() | {name: getattr(self, name) for name in names}
