"""DiscoGAN (Kim 2017): relations between domains; no skips, squared reconstruction.

bin/train_gan --variant=discogan
Kim's weight decay of 1e-5 is left out.
Digits, the first command: holes are filled with digits of G's choice, from which F finds
the strokes around the hole again.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgan.config import Translation
from kgan.configs import cyclegan
from kgan.errors import UserError
from kgan.fields import option, weight
from kgan.settings import LARGE

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import DiscoGAN


@dataclass(frozen=True)
class Config(Translation):
    """Adds the weights of the terms; the reconstruction has a share, the others the rest."""

    batch_size: int = 64
    updates: int = 900
    width: int = 16
    objective: str = "nonsaturating"
    network: str = "encoder"
    norm: str = "batch"
    dropout: float = 0.0
    discriminator: str = "features"
    pool: int = 0
    generator_steps: int = 2
    decay: float = 0.0
    adversarial_weight: float = weight(0.1, "weight of the adversarial term of G")
    identity_weight: float = weight(
        0.0, "weight of the identity term, of G(y) - y; 0 is none"
    )
    feature_weight: float = weight(
        0.9, "weight of the term of the means of D's features"
    )
    first_rate: float = option(
        0.01,
        "share of the reconstruction in the first descents",
        least=0.0,
        most=1.0,
        idle_with=("first_steps", 0),
    )
    rate: float = option(
        0.5, "share of the reconstruction afterwards", least=0.0, most=1.0
    )
    # Kim's 10,000 would outlast the run.
    first_steps: int = option(300, "descents at first_rate", least=0, most=LARGE)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.discriminator != "features" and self.feature_weight:
            raise UserError(
                f"discriminator={self.discriminator}",
                "returns no features, which `feature_weight` weighs",
                "use `discriminator=features`, or `feature_weight=0`",
            )


def build(config: Config, spec: "Spec") -> "DiscoGAN":
    """Returns a compiled game between the two domains of a `kgan.data.Spec`."""
    from kgan.models import DiscoGAN

    names = ("adversarial_weight", "feature_weight", "first_rate", "rate")
    settings = {name: getattr(config, name) for name in (*names, "first_steps")}
    return cyclegan.assemble(DiscoGAN, config, spec, **settings)


drawable = cyclegan.drawable
