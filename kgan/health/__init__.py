"""Health of a run: verdicts from its signals, pure functions without TensorFlow.

Example:
    check = {"epoch": 9.0, "step": 600.0, "distance": 0.01}  # all images are alike
    verdict = kgan.health.diagnose([check, check, check], config={})
    verdict.name  # "mode collapse"
    kgan.health.advise(verdict.name, {"pack": 1})  # {"pack": 2}
"""

from kgan.health.advice import advise
from kgan.health.report import Change, line, lines, read, review, standing
from kgan.health.thresholds import CHECK_EVERY, LONGEST, THRESHOLDS
from kgan.health.verdicts import (
    DIVERGED,
    EQUILIBRIUM,
    HEALTHY,
    VERDICTS,
    Verdict,
    diagnose,
    symptoms,
)

__all__ = [
    "CHECK_EVERY",
    "DIVERGED",
    "EQUILIBRIUM",
    "HEALTHY",
    "LONGEST",
    "THRESHOLDS",
    "VERDICTS",
    "Change",
    "Verdict",
    "advise",
    "diagnose",
    "line",
    "lines",
    "read",
    "review",
    "standing",
    "symptoms",
]
