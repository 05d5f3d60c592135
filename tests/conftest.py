"""What tests of several folders share."""

import os

import keras
import numpy as np
import pytest

from kgan.config import Config
from kgan.data import arrays
from kgan.training.options import Options
from kgan.training.record import Record
from tests import cases as shared

# Nothing of the tests is kept for later runs, the user's or the tests' own.
os.environ["KGAN_CACHE_DIR"] = "off"


@pytest.fixture(autouse=True, scope="module")
def seeded_module():
    """Lets what a module's tests share start with the same weights in every run."""
    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def seeded():
    """Lets each test start with the same weights, in whatever order tests run."""
    keras.utils.set_random_seed(0)


@pytest.fixture
def policy():
    """Sets a dtype policy; the test's end brings the old one back."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture
def record():
    """The record of a small run."""
    pixels, labels = np.zeros((5, 8, 8, 1), np.uint8), np.zeros(5, np.int32)
    images = arrays.images(pixels, labels, name="digits", classes=("a", "b"))
    return Record.of("gan", "digits", Config(epochs=3), images, Options())


@pytest.fixture(scope="session")
def cases(tmp_path_factory):
    """The folder of the shared cases' inputs; skips where they cannot be made."""
    return shared.make(tmp_path_factory.mktemp("cases"))
