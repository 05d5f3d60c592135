"""Evaluation: scores of a generator against a data set."""

from kgan.evaluation.reference import EXTRACTORS, Reference, reference
from kgan.evaluation.report import compared, lines, pairs_picture, read, write
from kgan.evaluation.scores import distance, measure
from kgan.evaluation.sources import GameSource, SavedModelSource

__all__ = [
    "EXTRACTORS",
    "GameSource",
    "Reference",
    "SavedModelSource",
    "compared",
    "distance",
    "lines",
    "measure",
    "pairs_picture",
    "read",
    "reference",
    "write",
]
