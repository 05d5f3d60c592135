"""Health of a run: verdicts from its signals, pure functions without TensorFlow."""

from kgan.health.advice import advise
from kgan.health.report import Change, line, read, review, standing, summary
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
    "read",
    "review",
    "standing",
    "summary",
    "symptoms",
]
