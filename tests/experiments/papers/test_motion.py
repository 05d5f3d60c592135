"""The table of motions: its baselines and scores of what is known."""

import numpy as np

from kgan.experiments.papers import motion
from kgan.experiments.papers.table import slug
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


def test_what_is_published_shows_no_recorded_motion(tmp_path):
    left = tmp_path / "work" / f"{slug(motion.FULL)}-0"
    left.mkdir(parents=True)
    (left / "made.png").write_bytes(b"made")
    (left / "motions.png").write_bytes(b"both")
    motion.draw(motion.TABLE, [], tmp_path / "work", tmp_path / "motion.png")
    assert (tmp_path / "motion.png").read_bytes() == b"made"
    assert (tmp_path / "motion-sheet.png").read_bytes() == b"both"
