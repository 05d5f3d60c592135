"""The table of motions: its baselines and scores of what is known."""

import numpy as np

from kgan.experiments.papers import motion
from tests.data.sources.test_poses import standing


def test_baselines_of_a_body_that_goes_straight_on():
    way = np.tile(standing(20), (2, 1, 1))
    way[:, :, 0] = 0.01 * np.arange(20)
    seen, future = way[:, :10], way[:, 10:]
    np.testing.assert_allclose(motion.steady(seen), future, atol=1e-12)
    right = motion.scores(motion.steady(seen), future)
    assert right["400 ms"] < 1e-6 and abs(right["movement"] - 1) < 1e-6
    still = motion.scores(motion.repeated(seen), future)
    assert abs(still["80 ms"] - 2) < 1e-6 and abs(still["400 ms"] - 10) < 1e-6
    assert still["movement"] == 0.0 and still.keys() == motion.TABLE.columns.keys()
