"""A classifier with a trained generator before it, and attacks that measure the two."""

from kgan.applications.defence.classifier import of_run, of_saved_model, resolved
from kgan.applications.defence.defend import Defended, defend
from kgan.applications.defence.derivative import identity, tangent, unrolled
from kgan.applications.defence.detection import fit_detector, separation
from kgan.applications.defence.files import (
    FOLDER,
    WRITTEN,
    check_out,
    data_of,
    tests_of,
    write_measured,
    write_pictures,
)
from kgan.applications.defence.measure import (
    ATTACKS,
    OF_NORMS,
    Measured,
    attack,
    measure,
)
from kgan.applications.defence.projection import Projected, Projection

__all__ = [
    "ATTACKS",
    "FOLDER",
    "OF_NORMS",
    "WRITTEN",
    "Defended",
    "Measured",
    "Projected",
    "Projection",
    "attack",
    "check_out",
    "data_of",
    "defend",
    "fit_detector",
    "identity",
    "measure",
    "of_run",
    "of_saved_model",
    "resolved",
    "separation",
    "tangent",
    "tests_of",
    "unrolled",
    "write_measured",
    "write_pictures",
]
