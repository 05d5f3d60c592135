"""The rows that tests of a property run over, and how they compare weights."""

import numpy as np
import pytest

from tests.conformance import games


def rows(names, long=()):
    slow = pytest.mark.slow
    marked = [pytest.param(n, marks=slow) if n in long else n for n in names]
    return pytest.mark.parametrize("name", marked)


first = rows(games.GAMES)
every = rows(games.GAMES, games.LONG)


def assert_equal(first, second, tolerance=0.0):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def differ(first, second):
    return [not np.array_equal(a, b) for a, b in zip(first, second, strict=True)]
