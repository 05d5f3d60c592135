"""The papers' tables, side by side with what these networks reach here."""

from kgan.reproductions import dirac, mixtures
from kgan.reproductions.table import Cell, Row, Table, markdown, report, summary

TABLES = {table.name: table for table in (mixtures.RING, mixtures.GRID, dirac.TABLE)}

__all__ = ["TABLES", "Cell", "Row", "Table", "markdown", "report", "summary"]
