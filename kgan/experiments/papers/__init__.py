"""The papers' tables, side by side with what these networks reach here."""

from kgan.experiments.papers import (
    codes,
    conditional,
    crypto,
    defence,
    densities,
    dirac,
    disco_toy,
    edits,
    facades,
    frames,
    inversion,
    mixtures,
    motion,
    music,
    names,
    objectives,
    scarce,
    scarce_gan,
    seqgan_oracle,
    stacked,
    tasks,
    text,
    text_oracle,
    usps,
    video,
)
from kgan.experiments.papers.folders import Lacking
from kgan.experiments.papers.overview import embed
from kgan.experiments.papers.runner import reproduce, rewrite
from kgan.experiments.papers.table import Cell, Row, Table, page, summary
from kgan.experiments.papers.target import Target

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
        text.TABLE,
        scarce.TABLE,
        scarce_gan.TABLE,
        crypto.TABLE,
        inversion.TABLE,
        edits.TABLE,
        defence.TABLE,
        frames.TABLE,
        video.TABLE,
        music.TABLE,
        motion.TABLE,
        text_oracle.TABLE,
        seqgan_oracle.TABLE,
        names.TABLE,
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
    "page",
    "reproduce",
    "rewrite",
    "summary",
]
