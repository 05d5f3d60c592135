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
        adversarial_weight: of what D tells G; with 0 only the distance teaches G,
            which is Isola's L1 alone.

    Batches have the keys "source" and "real", whose rows belong together.
    """

    def __init__(self, *args, l1_weight=100.0, adversarial_weight=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.l1_weight, self.adversarial_weight = l1_weight, adversarial_weight
        self.tracked += ("G/l1",)

    def discriminator_inputs(self, x, batch):
        source = self.packed(batch["source"])
        return ops.concatenate([source, ops.cast(x, source.dtype)], axis=-1)

    def min_terms(self, played):
        apart = distance(played.fake, played.batch["real"])
        terms = super().min_terms(played)
        weighed = {k: self.adversarial_weight * term for k, term in terms.items()}
        return weighed | {"l1": self.l1_weight * apart}

    def get_config(self):
        names = ("l1_weight", "adversarial_weight")
        return super().get_config() | {name: getattr(self, name) for name in names}
