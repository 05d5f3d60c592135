"""Steps at which an experiment looks at its game."""

import numpy as np


def stops(last, count, first=1):
    """Up to `count` steps from `first` to `last`, closer together at first."""
    return np.unique(np.geomspace(first, last, count).round().astype(int)).tolist()
