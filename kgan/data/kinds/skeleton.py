"""The skeleton of motions: from the numbers of a pose to the places of its joints.

A pose has 43 numbers: the place of the root (3), its turn, and the turns of the joints in
the order of `JOINTS`. A turn is a quaternion (w, x, y, z), or an angle around z of a knee
or an elbow. y points up, x forward, z to the right. It is the humanoid of DeepMimic (Peng
2018), whose files have the duration of a frame before these numbers.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw


class Joint(NamedTuple):
    """A joint of the body.

    Attributes:
        name: of the joint.
        parent: the number of the joint before it; -1 for the root.
        place: in the frame of its parent, in metres.
        numbers: of its turn: 4, 1, or 0 for the end of a limb.
    """

    name: str
    parent: int
    place: tuple[float, float, float]
    numbers: int


JOINTS = (
    Joint("root", -1, (0.0, 0.0, 0.0), 4),
    Joint("chest", 0, (0.0, 0.236151, 0.0), 4),
    Joint("neck", 1, (0.0, 0.223894, 0.0), 4),
    Joint("right hip", 0, (0.0, 0.0, 0.084887), 4),
    Joint("right knee", 3, (0.0, -0.421546, 0.0), 1),
    Joint("right ankle", 4, (0.0, -0.40987, 0.0), 4),
    Joint("right shoulder", 1, (-0.02405, 0.2435, 0.18311), 4),
    Joint("right elbow", 6, (0.0, -0.274788, 0.0), 1),
    Joint("left hip", 0, (0.0, 0.0, -0.084887), 4),
    Joint("left knee", 8, (0.0, -0.421546, 0.0), 1),
    Joint("left ankle", 9, (0.0, -0.40987, 0.0), 4),
    Joint("left shoulder", 1, (-0.02405, 0.2435, -0.18311), 4),
    Joint("left elbow", 11, (0.0, -0.274788, 0.0), 1),
    Joint("head", 2, (0.0, 0.2, 0.0), 0),
    Joint("right hand", 7, (0.0, -0.258947, 0.0), 0),
    Joint("left hand", 12, (0.0, -0.258947, 0.0), 0),
    Joint("right foot", 5, (0.15, -0.05, 0.0), 0),
    Joint("left foot", 10, (0.15, -0.05, 0.0), 0),
)
NUMBERS = 3 + sum(joint.numbers for joint in JOINTS)
PLACES = {"right": (60, 110, 200), "left": (210, 80, 60)}  # colours of the sides
MIDDLE = (70, 70, 70)
PAPER = (250, 250, 250)
TURN = np.pi / 5  # by which one looks from the side
FINER = 3  # times as many pixels are drawn first
TALL = 2.4  # metres that a picture shows


def joints(poses: np.ndarray) -> np.ndarray:
    """Returns the places of the joints of poses (..., 43), in metres, (..., 18, 3)."""
    poses = np.asarray(poses, np.float64)
    places, turns, at = [], [], 3
    for joint in JOINTS:
        own = _turn(poses[..., at : at + joint.numbers])
        at += joint.numbers
        if joint.parent < 0:
            places.append(poses[..., :3])
            turns.append(own)
            continue
        turn = turns[joint.parent]
        places.append(places[joint.parent] + turn @ np.array(joint.place))
        turns.append(turn @ own)
    return np.stack(places, -2)


def _turn(numbers):
    """The matrices (..., 3, 3) of quaternions (..., 4) or of angles around z (..., 1)."""
    if numbers.shape[-1] == 0:
        return np.eye(3)
    if numbers.shape[-1] == 1:
        half = numbers[..., 0] / 2
        zero = np.zeros_like(half)
        numbers = np.stack([np.cos(half), zero, zero, np.sin(half)], -1)
    length = np.linalg.norm(numbers, axis=-1, keepdims=True)
    w, x, y, z = np.moveaxis(numbers / np.maximum(length, 1e-9), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


def drawn(motions: np.ndarray, side: int) -> np.ndarray:
    """Draws stick figures of motions (n, T, 43), uint8 (n, T, side, side, 3).

    One looks from the side, and goes along with the body.
    """
    places = joints(motions)
    places[..., [0, 2]] -= places[..., :1, [0, 2]]  # the root stays in the middle
    across = places[..., 0] * np.cos(TURN) + places[..., 2] * np.sin(TURN)
    scale = FINER * side / TALL
    x = FINER * side / 2 + scale * across
    y = FINER * side * 0.94 - scale * places[..., 1]
    flat = np.stack([x, y], -1).reshape(-1, len(JOINTS), 2)
    figures = np.stack([_figure(np.nan_to_num(one), side) for one in flat])
    return figures.reshape(*motions.shape[:2], side, side, 3)


def _figure(places, side):
    whole = FINER * side
    picture = Image.new("RGB", (whole, whole), PAPER)
    pen = ImageDraw.Draw(picture)
    ground = round(0.94 * whole)
    pen.line([(0, ground), (whole, ground)], (205, 205, 205), FINER)
    for number, joint in enumerate(JOINTS):
        if joint.parent >= 0:
            colour = PLACES.get(joint.name.split()[0], MIDDLE)
            ends = [tuple(places[joint.parent]), tuple(places[number])]
            pen.line(ends, colour, max(FINER, whole // 40))
    head, radius = places[13], whole / 24
    pen.ellipse([*(head - radius), *(head + radius)], MIDDLE)
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX))
