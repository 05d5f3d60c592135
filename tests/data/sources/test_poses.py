"""Motions: the skeleton, and windows of files that begin alike."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from kgan.data import load_poses
from kgan.data.kinds import Poses
from kgan.data.kinds.skeleton import JOINTS, NUMBERS, drawn, joints
from kgan.data.sources.poses import read_motion
from kgan.errors import UserError

NAMES = [joint.name for joint in JOINTS]


def standing(n=1):
    """Poses that stand upright at the origin, without a turn."""
    poses, at = np.zeros((n, NUMBERS)), 3
    poses[:, 1] = 0.9
    for joint in JOINTS:
        if joint.numbers == 4:
            poses[:, at] = 1.0
        at += joint.numbers
    return poses


def quiet(_):
    """Take a line and drop it."""


def write(path, poses, seconds=0.04):
    frames = np.concatenate([np.full((len(poses), 1), seconds), poses], 1)
    path.write_text(json.dumps({"Loop": "none", "Frames": frames.tolist()}))


def test_the_joints_of_a_body_that_stands():
    places = dict(zip(NAMES, joints(standing())[0], strict=True))
    assert places["left knee"].tolist() == pytest.approx([0, 0.478454, -0.084887])
    assert places["right ankle"][1] == pytest.approx(0.9 - 0.421546 - 0.40987)
    assert places["head"][1] == pytest.approx(0.9 + 0.236151 + 0.223894 + 0.2)


def test_a_turn_moves_all_that_hangs_on_it():
    bent = standing()
    bent[0, 19] = np.pi / 2  # the right knee, around z
    places = dict(zip(NAMES, joints(bent)[0], strict=True))
    assert places["right ankle"].tolist() == pytest.approx(
        [0.40987, 0.478454, 0.084887]
    )
    turned = standing()
    turned[0, 3:7] = 2 * np.array([np.cos(np.pi / 4), 0, np.sin(np.pi / 4), 0])
    places = dict(zip(NAMES, joints(turned)[0], strict=True))
    assert places["right hip"].tolist() == pytest.approx([0.084887, 0.9, 0], abs=1e-9)


def test_windows_begin_at_the_origin_and_look_ahead(tmp_path):
    walk = standing(60)
    walk[:, 0], walk[:, 2] = (
        3.0,
        7.0 - np.arange(60) * 0.05,
    )  # along -z, which lies left
    walk[:, 3:7] = [np.cos(np.pi / 4), 0, np.sin(np.pi / 4), 0]  # and looks there
    taller = walk + np.eye(NUMBERS)[1] * 0.2
    for name in "abcdef":
        write(tmp_path / f"{name}.json", taller if name == "e" else walk)
    (tmp_path / "x.json").write_text('{"Frames": [[1, 2]]}')
    said = []
    data = load_poses(tmp_path, frames=20, log=said.append)
    assert said[0].startswith("left out 1: x.json: not frames of 44 numbers")
    real = data["real"]
    assert real.shape == (5 * 11, 20, NUMBERS) and len(data.held_out) == 11
    np.testing.assert_allclose(
        real[:, :, 0], np.tile(np.arange(20) * 0.05, (55, 1)), atol=1e-4
    )
    np.testing.assert_allclose(real[:, :, 2], 0.0, atol=1e-4)
    np.testing.assert_allclose(real[..., 3], 1.0, atol=1e-5)
    np.testing.assert_allclose(real[..., 4:7], 0.0, atol=1e-5)
    wide = data.fields["real"].kind
    x = wide.to_network(real).numpy()
    assert abs(x[..., 0].mean()) < 1e-3 and x[..., 0].std() == pytest.approx(
        1, abs=1e-3
    )
    np.testing.assert_allclose(wide.from_network(x), real, atol=1e-4)


def test_held_out_windows_that_occur_in_the_training_are_left_out(tmp_path):
    """A motion that was recorded once and cut twice."""
    for number, name in enumerate("abcdef"):
        tall = standing(60) + np.eye(NUMBERS)[1] * number
        # The last 30 poses of the held-out one are those of the first.
        tall[30:, 1] -= 4 * (name == "e")
        write(tmp_path / f"{name}.json", tall)
    said = []
    data = load_poses(tmp_path, frames=20, log=said.append)
    assert any("left out 3 held-out windows that occur in" in one for one in said)
    assert len(data.held_out) == 11 - 3


def test_poses_lie_at_equal_distances_in_time(tmp_path):
    rising = standing(4)
    rising[:, 1] = [1.0, 2.0, 3.0, 4.0]
    rising[2, 3:7] *= -1  # the same turn
    write(tmp_path / "x.json", rising, seconds=0.08)
    found = read_motion(tmp_path / "x.json")
    np.testing.assert_allclose(found[:, 1], [1.0, 1.5, 2.0, 2.5, 3.0, 3.5], atol=1e-5)
    np.testing.assert_allclose(found[:, 3], 1.0)


def test_figures_are_drawn():
    motions = np.stack([standing(3), standing(3)])
    motions[1, :, 19] = 1.0
    figures = drawn(motions, 48)
    assert figures.shape == (2, 3, 48, 48, 3) and (figures[0] != figures[1]).any()
    assert Poses().picture(motions, 2).shape == (2 + 2 * 66, 2 + 3 * 66, 3)
    assert Poses().animation(motions, 2).shape == (3, 2 + 130, 2 + 2 * 130, 3)
    assert Poses().picture(np.zeros((2, 3, 7)), 2) is None


def test_wrong_motions(tmp_path):
    with pytest.raises(UserError, match="nowhere: is no folder; give a folder"):
        load_poses(tmp_path / "nowhere", log=quiet)
    with pytest.raises(UserError, match="has no motion of 20 poses .no file"):
        load_poses(tmp_path, log=quiet)
    with pytest.raises(UserError, match="split=all: motions have the splits"):
        load_poses(tmp_path, split="all", log=quiet)


def test_feet_of_real_motions_stand_on_the_ground():
    folder = Path(os.environ.get("KGAN_TEST_DATA", "nowhere")) / "motion"
    if not folder.is_dir():
        pytest.skip("$KGAN_TEST_DATA has no motion")
    places = joints(load_poses(folder, log=quiet)["real"])
    assert abs(np.median(places[..., 1].min(-1))) < 0.02
