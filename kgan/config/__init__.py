"""The configurations that the variants share: fields with their help and limits."""

from kgan.config.augmented import Augmented
from kgan.config.common import Common
from kgan.config.conditional import Conditional
from kgan.config.decaying import Decaying
from kgan.config.names import (
    AUGMENTATIONS,
    DIFFAUGMENT,
    DISCRIMINATORS,
    NETWORKS,
    NORMS,
    OBJECTIVES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    SCHEDULES,
    TRANSLATION_NETWORKS,
    TRANSLATION_NORMS,
)
from kgan.config.noise import Config
from kgan.config.translation import Translation

__all__ = [
    "AUGMENTATIONS",
    "DIFFAUGMENT",
    "DISCRIMINATORS",
    "NETWORKS",
    "NORMS",
    "OBJECTIVES",
    "OPTIMIZERS",
    "PENALTIES",
    "PRIORS",
    "SCHEDULES",
    "TRANSLATION_NETWORKS",
    "TRANSLATION_NORMS",
    "Augmented",
    "Common",
    "Conditional",
    "Config",
    "Decaying",
    "Translation",
]
