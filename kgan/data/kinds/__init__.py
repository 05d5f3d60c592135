"""The kinds of data, such as images and labels: one class in one file each.

A kind knows how its data are stored, how they are converted to the input of a network
and back, how several are shown in a picture, how one is written to a file, and how
arrays are checked. A new kind is a new file here and a line in `KINDS`.
"""

from kgan.data.kinds.attributes import Attributes
from kgan.data.kinds.bits import Bits
from kgan.data.kinds.frames import Frames
from kgan.data.kinds.image import Image
from kgan.data.kinds.kind import Kind
from kgan.data.kinds.label import Label
from kgan.data.kinds.lines import Lines
from kgan.data.kinds.points import Points
from kgan.data.kinds.poses import Poses
from kgan.data.kinds.roll import Roll
from kgan.data.kinds.tokens import Tokens
from kgan.data.kinds.vector import Vector

EVERY = (
    Image(),
    Label(),
    Points(),
    Vector(),
    Bits(),
    Tokens(),
    Attributes(),
    Lines(),
    Frames(),
    Roll(),
    Poses(),
)
KINDS = {kind.name: kind for kind in EVERY}

__all__ = [
    "KINDS",
    "Attributes",
    "Bits",
    "Frames",
    "Image",
    "Kind",
    "Label",
    "Lines",
    "Points",
    "Poses",
    "Roll",
    "Tokens",
    "Vector",
]
