"""Evaluation: scores of a generator against a data set."""

from kgan.evaluation.reference import EXTRACTORS, Reference, reference
from kgan.evaluation.report import (
    compared,
    detail_lines,
    lines,
    pairs_picture,
    read,
    write,
)
from kgan.evaluation.scores import IN_A_RUN, distance, measure
from kgan.evaluation.sheet import asked_picture
from kgan.evaluation.sources import GameSource, SavedModelSource, Source

__all__ = [
    "EXTRACTORS",
    "IN_A_RUN",
    "GameSource",
    "Reference",
    "SavedModelSource",
    "Source",
    "asked_picture",
    "compared",
    "detail_lines",
    "distance",
    "lines",
    "measure",
    "pairs_picture",
    "read",
    "reference",
    "write",
]
