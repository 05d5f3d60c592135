"""Loading of motions: a folder of JSON files in the format of DeepMimic."""

import json
import os
from pathlib import Path

import numpy as np

from kgan.data.dataset import Dataset
from kgan.data.kinds import Poses
from kgan.data.kinds.skeleton import JOINTS, NUMBERS
from kgan.data.sources.arrays import Columns, one_group
from kgan.errors import UserError, few, printable
from kgan.typing import Log, PathLike

RATE = 25  # poses in a second
FRAMES = 20  # poses of a window
HELD_OUT = 5  # one motion of so many is held out
HOP = 4  # windows begin at every so many poses
ALIKE = 0.1  # the largest difference of numbers of two windows that are the same motion
LEAST = 1e-3  # the smallest deviation that numbers are divided by
ROOT = slice(3, 7)  # the turn of the root


def load_poses(
    dataset: PathLike,
    *,
    frames: int = FRAMES,
    split: str = "train",
    log: Log = print,
) -> Dataset:
    """Loads windows of motions, 25 poses a second.

    Each window begins at the origin and looks along x, wherever it was recorded.

    Args:
        dataset: a folder of JSON files, {"Frames": [[seconds, 43 numbers], ...]} each, in
            the format of DeepMimic's humanoid (Peng 2018).
        frames: poses of a window.
        split: "train", or "test" for each fifth motion, in the order of their names.
        log: called with each line that is meant for the user.

    Returns:
        A `Dataset` with the field "real", of the kind `Poses`. The windows of other
        motions are held out.

    Raises:
        UserError: there are no such data, or they cannot be used.
    """
    folder, left_out = Path(dataset).expanduser(), []
    if split not in ("train", "test"):
        raise UserError(f"split={split}", "motions have the splits train and test")
    if not os.fspath(dataset):
        raise UserError(
            "dataset", "say which motions to learn from", "give a folder of JSON files"
        )
    if not folder.is_dir():
        raise UserError(
            f"dataset={dataset}", "is no folder", "give a folder of motions as JSON"
        )
    motions = _read(folder, left_out)
    parts = _parted(motions, frames, log)
    if not len(parts[split]):
        raise UserError(
            f"dataset={dataset}",
            f"has no motion of {frames} poses ({few(left_out) or 'no file *.json'})",
            "give longer motions, or fewer `frames`",
            exit_code=1,
        )
    real = parts["train"] if len(parts["train"]) else parts["test"]
    mean, deviation = real.mean((0, 1)), np.maximum(real.std((0, 1)), LEAST)
    kind = Poses([*mean.round(6)], [*deviation.round(6)], RATE)
    unseen = parts["test" if split == "train" else "train"]
    name = printable(folder.resolve().name)
    held_out = one_group(name, {"real": (unseen, kind)}) if len(unseen) else None
    if left_out:
        log(f"left out {len(left_out)}: {few(left_out)}")
    columns: Columns = {"real": (parts[split], kind)}
    data = one_group(name, columns, held_out=held_out, left_out=tuple(left_out))
    log(data.describe())
    return data


def _read(folder, left_out):
    """The motions of a folder; a line is added to `left_out` for each damaged file."""
    motions = []
    for file in sorted(folder.glob("*.json")):
        try:
            motions.append(read_motion(file))
        except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
            reason = str(error).splitlines()[0] if str(error) else "damaged"
            left_out.append(f"{printable(file.name)}: {reason}")
    return motions


def read_motion(path: str | os.PathLike) -> np.ndarray:
    """Reads a motion as poses at equal distances in time, float32 (n, 43).

    Raises:
        OSError, ValueError, TypeError, KeyError: it is none.
    """
    plain = json.loads(Path(path).read_text(encoding="utf-8"))
    frames = np.array(plain["Frames"], float)
    if frames.ndim != 2 or frames.shape[1] != 1 + NUMBERS or len(frames) < 2:
        raise ValueError(f"not frames of {1 + NUMBERS} numbers: {frames.shape}")
    if not np.isfinite(frames).all() or (frames[:-1, 0] <= 0).any():
        raise ValueError("has frames without a duration")
    time = np.concatenate([[0.0], np.cumsum(frames[:-1, 0])])
    poses = _continuous(frames[:, 1:])
    wanted = np.arange(0.0, time[-1], 1.0 / RATE)
    found = [np.interp(wanted, time, column) for column in poses.T]
    return _of_unit_length(np.stack(found, 1)).astype(np.float32)


def windows(motions: list[np.ndarray], frames: int) -> np.ndarray:
    """Returns windows of motions, float32 (n, frames, 43), that begin alike."""
    found = [
        _facing(motion[start : start + frames])
        for motion in motions
        for start in range(0, len(motion) - frames + 1, HOP)
    ]
    return np.stack(found) if found else np.zeros((0, frames, NUMBERS), np.float32)


def _parted(motions, frames, log):
    """The windows to learn from, and those of every fifth motion, which are others."""
    test = windows(motions[HELD_OUT - 1 :: HELD_OUT], frames)
    rest = [one for i, one in enumerate(motions) if i % HELD_OUT != HELD_OUT - 1]
    train = windows(rest, frames)
    copies = _copies(test, train)
    if copies.any():
        log(f"left out {copies.sum():,} held-out windows that occur in the training")
    return {"train": train, "test": test[~copies]}


def _copies(some, others):
    """Which windows are nearly one of others, (n,) bool: collections have motions twice."""
    found = np.zeros(len(some), bool)
    for number, one in enumerate(some):
        apart = np.abs(others - one)
        found[number] = len(others) and apart.max((1, 2)).min() < ALIKE
    return found


def _quaternions():
    """The columns of each quaternion of a pose."""
    at = 3
    for joint in JOINTS:
        if joint.numbers == 4:
            yield slice(at, at + 4)
        at += joint.numbers


def _continuous(poses):
    """The same turns: q and -q are one, and each is taken that is nearer to the last."""
    poses = poses.copy()
    for part in _quaternions():
        turns = poses[:, part]
        if turns[0, 0] < 0:
            turns[0] *= -1
        for i in range(1, len(turns)):
            if turns[i] @ turns[i - 1] < 0:
                turns[i] *= -1
    return poses


def _of_unit_length(poses):
    for part in _quaternions():
        length = np.linalg.norm(poses[:, part], axis=1, keepdims=True)
        poses[:, part] /= np.maximum(length, 1e-9)
    return poses


def _facing(window):
    """A window that begins at x = z = 0 and looks along x."""
    window = window.astype(np.float64)
    w, _, y, _ = window[0, ROOT]
    half = -np.arctan2(y, w)  # back around y
    cosine, sine = np.cos(2 * half), np.sin(2 * half)
    x, z = (window[:, axis] - window[0, axis] for axis in (0, 2))
    window[:, 0], window[:, 2] = x * cosine + z * sine, z * cosine - x * sine
    a, b = np.cos(half), np.sin(half)
    w, x, y, z = window[:, ROOT].T
    turned = [a * w - b * y, a * x + b * z, a * y + b * w, a * z - b * x]
    window[:, ROOT] = _continuous_root(np.stack(turned, 1))
    return window.astype(np.float32)


def _continuous_root(turns):
    return -turns if turns[0, 0] < 0 else turns
