"""DiscoGAN (Kim 2017): relations between domains; no skips, squared reconstruction.

bin/train_gan --variant=discogan
Kim's weight decay of 1e-5 is left out.
Digits, the first command: holes are filled with digits of G's choice, from which F finds
the strokes around the hole again.
"""

from dataclasses import dataclass

from kgan.config import LARGE, check
from kgan.configs import cyclegan
from kgan.models import DiscoGAN


@dataclass(frozen=True)
class Config(cyclegan.Config):
    """Adds what weighs the terms; cycle_weight has no say.

    feature_weight: of the means of D's features.
    first_rate, rate: of the reconstruction, for `first_steps` descents and then; the
        other terms have the rest to 1.
    """

    batch_size: int = 64
    updates: int = 900
    width: int = 16
    objective: str = "nonsaturating"
    network: str = "encoder"
    norm: str = "batch"
    dropout: float = 0.0
    judge: str = "features"
    pool: int = 0
    generator_steps: int = 2
    decay: float = 0.0
    adversarial_weight: float = 0.1
    feature_weight: float = 0.9
    first_rate: float = 0.01
    rate: float = 0.5
    first_steps: int = 300  # Kim's 10,000 would outlast the run

    def __post_init__(self):
        super().__post_init__()
        check(
            self,
            ("feature_weight", 0.0, 1e6),
            ("first_rate", 0.0, 1.0),
            ("rate", 0.0, 1.0),
            ("first_steps", 0, LARGE),
        )


def build(config, shape, classes):
    """A compiled game between source images and target images of `shape`, (H, W, C)."""
    names = ("adversarial_weight", "feature_weight", "first_rate", "rate")
    settings = {name: getattr(config, name) for name in (*names, "first_steps")}
    return cyclegan.assemble(DiscoGAN, config, shape, **settings)
