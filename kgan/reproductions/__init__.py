"""The papers' tables, side by side with what these networks reach here."""

from kgan.reproductions import (
    codes,
    conditional,
    densities,
    dirac,
    disco_toy,
    facades,
    mixtures,
    objectives,
    stacked,
    tasks,
    usps,
)
from kgan.reproductions.folders import Lacking
from kgan.reproductions.runner import embed, reproduce
from kgan.reproductions.table import Cell, Row, Table, markdown, summary
from kgan.reproductions.target import Target

TABLES = {
    table.name: table
    for table in (
        densities.GAN_TABLE,
        densities.CGAN_TABLE,
        codes.TABLE,
        conditional.TABLE,
        mixtures.RING,
        mixtures.GRID,
        dirac.TABLE,
        stacked.TABLE,
        objectives.TABLE,
        disco_toy.TABLE,
        facades.TABLE,
        usps.TABLE,
        tasks.TABLE,
    )
}

__all__ = [
    "TABLES",
    "Cell",
    "Lacking",
    "Row",
    "Table",
    "Target",
    "embed",
    "markdown",
    "reproduce",
    "summary",
]
