"""pix2pix: a translation that is taught by pairs."""

import keras
from keras import ops

from kgan.models.translator import Translator, distance


@keras.saving.register_keras_serializable("kgan")
class Pix2Pix(Translator):
    """V(D, G) + lambda E|y - G(x)|, where D sees x beside y or G(x) (Isola 2017, Eq. 4).

    z is the dropout inside G, and only in training: a trained G is a function.

    Args:
        discriminator: maps images with the channels of source and target, in this
            order, to scores.
        l1_weight: lambda.

    Batches have the keys "source" and "real", whose rows belong together.
    """

    def __init__(self, *args, l1_weight=100.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.l1_weight = l1_weight
        self.tracked += ("G/l1",)

    def evidence(self, x, batch):
        source = self.packed(batch["source"])
        return ops.concatenate([source, ops.cast(x, source.dtype)], axis=-1)

    def min_terms(self, played):
        apart = distance(played.fake, played.batch["real"])
        return super().min_terms(played) | {"l1": self.l1_weight * apart}

    def get_config(self):
        return super().get_config() | {"l1_weight": self.l1_weight}
