"""What tests of a run's folder share."""

import numpy as np
import pytest

from kgan.config import Config
from kgan.data import Images
from kgan.record import Record


@pytest.fixture
def record():
    """The record of a small run."""
    pixels, labels = np.zeros((5, 8, 8, 1), np.uint8), np.zeros(5, np.int32)
    images = Images("digits", pixels, labels, ("a", "b"))
    return Record.of("gan", "digits", "train", "float32", Config(epochs=3), images)
