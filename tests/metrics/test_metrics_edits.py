"""Edits compared with true ones, by hand."""

import numpy as np
import pytest

from kgan.metrics import answer_report, edit_report

REGION = slice(2, 6), slice(1, 7)
BEFORE = np.full((3, 8, 8, 1), 100, np.uint8)
TRUE = BEFORE.copy()
TRUE[:, 2:6, 1:7] = 150


def test_the_true_edit_itself():
    found = edit_report(BEFORE, TRUE, TRUE, REGION)
    assert found == {
        "PSNR": float("inf"),
        "SSIM": pytest.approx(1.0),
        "outside": 0.0,
        "locality": 1.0,
    }


def test_no_edit_changes_nothing_and_is_50_off_inside():
    found = edit_report(BEFORE, BEFORE, TRUE, REGION)
    assert found["PSNR"] == pytest.approx(20 * np.log10(255 / 50))
    assert found["outside"] == 0.0 and np.isnan(found["locality"])


def test_a_change_everywhere_is_not_local():
    found = edit_report(BEFORE, BEFORE + 8, TRUE, REGION)
    assert found["outside"] == pytest.approx(8.0)
    assert found["locality"] == pytest.approx(24 / 64)


def test_shapes_that_differ():
    with pytest.raises(ValueError, match="no edits"):
        edit_report(BEFORE, TRUE[:2], TRUE, REGION)


def test_answers():
    before = np.array([[0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1, 2]])
    after = np.array([[3, 1, 2], [3, 1, 1], [0, 1, 2], [3, 0, 0]])
    found = answer_report(before, after, 0, 3)
    assert found == {"success": 0.75, "preservation": 5 / 8, "joint": 0.25}
