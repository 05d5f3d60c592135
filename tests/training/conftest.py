"""The run that other runs start from, made once for each file."""

import pytest

from tests.training.initial_cases import kept


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A run of a GAN with a moving average, which is left as it is."""
    return kept(tmp_path_factory.mktemp("other") / "run", ema=0.9)
