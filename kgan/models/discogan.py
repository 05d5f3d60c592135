"""DiscoGAN: a CycleGAN with squared reconstruction errors and feature matching."""

from typing import Any

import keras
from keras import ops

from kgan.models.cyclegan import CycleGAN, Ways, both
from kgan.models.round import Round
from kgan.replicas import averaged
from kgan.typing import Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class DiscoGAN(CycleGAN):
    """A CycleGAN with squared reconstruction errors (Kim 2017, Eqs. 2-8).

    As in the authors' program, G also matches the means of D's features (Salimans
    2016, section 3.1), and the reconstruction has a small weight at first:
    G minimises (1 - r) (a * adversarial + f * features) + r * reconstruction.

    Args:
        to_y, to_x: translators whose D answers {"score", "feature_0", ...}.
        adversarial_weight, feature_weight: a and f.
        first_rate, rate: r for the first `first_steps` descents, and afterwards.
    """

    def __init__(
        self,
        *args: Any,
        adversarial_weight: float = 0.1,
        feature_weight: float = 0.9,
        first_rate: float = 0.01,
        rate: float = 0.5,
        first_steps: int = 10_000,
        distance: str = "l2",
        **kwargs: Any,
    ) -> None:
        kwargs |= {"adversarial_weight": adversarial_weight, "distance": distance}
        super().__init__(*args, cycle_weight=1.0, **kwargs)
        self.feature_weight = feature_weight
        self.first_rate, self.rate, self.first_steps = first_rate, rate, first_steps

    def ties(self) -> tuple[str, ...]:
        return (*super().ties(), "features")

    def min_terms(self, played: Ways[Round]) -> Tensors:
        rate = self.rate_now()
        terms = super().min_terms(played)
        features = both(self.features(played.to_y), self.features(played.to_x))
        cycles = {k: rate * v for k, v in terms.items() if k.startswith("cycle")}
        rest = {k: (1.0 - rate) * v for k, v in (terms | features).items()}
        return rest | cycles

    def rate_now(self) -> Tensor:
        """Returns r at this iteration, a scalar tensor."""
        early = self.iterations * self.min_steps < self.first_steps
        return ops.where(early, self.first_rate, self.rate)

    def features(self, played: Round) -> Tensors:
        """Returns the feature term, the sum of (E h(x) - E h(G(z)))^2 over features h.

        Each square is the mean over the numbers of a feature. The means E are of the
        whole batch, so that every example has the same value. {} of a D without features.
        """
        apart = [
            ops.mean(ops.square(_mean(played.real_answer[k]) - _mean(value)))
            for k, value in played.answer.items()
            if k.startswith("feature")
        ]
        if not apart:
            return {}
        rows = ops.shape(played.fake)[0]
        return {"features": self.feature_weight * ops.broadcast_to(sum(apart), (rows,))}

    def get_config(self) -> dict[str, Any]:
        mine = ("feature_weight", "first_rate", "rate", "first_steps")
        config = super().get_config() | {name: getattr(self, name) for name in mine}
        del config["cycle_weight"]
        return config


def _mean(x):
    """Over the batch of all replicas."""
    return averaged(ops.mean(x, axis=0))
