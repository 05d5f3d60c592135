"""Data for training: decoded once, then fed in an order that a resumed run continues.

    data = load("digits")                         # or "mnist", or "path/to/folder"
    feed = batches(data, batch_size=64, seed=0)

`load` reads a data set or a folder into a `Dataset`, `load_domains` two for a
translation, `load_clips` films, `load_rolls` music, `load_poses` motions;
`kgan.data.sources.arrays` makes one of arrays. `prepare` writes data larger
than memory into shards, which `load` reads. `batches` turns it into an endless
`tf.data.Dataset`.
"""

from kgan.data.attributes import Attribute
from kgan.data.dataset import Dataset, Field, Generated, Spec, evenly
from kgan.data.halved import halved
from kgan.data.jitter import Jitter
from kgan.data.pipeline import batches, steps_per_pass
from kgan.data.shards.prepare import prepare
from kgan.data.sources import arrays
from kgan.data.sources.clips import load_clips
from kgan.data.sources.domain_source import DomainSource
from kgan.data.sources.loading import load, load_held_out
from kgan.data.sources.poses import load_poses
from kgan.data.sources.rolls import load_rolls
from kgan.data.sources.translation import load_domains

__all__ = [
    "Attribute",
    "Dataset",
    "DomainSource",
    "Field",
    "Generated",
    "Jitter",
    "Spec",
    "arrays",
    "batches",
    "evenly",
    "halved",
    "load",
    "load_clips",
    "load_domains",
    "load_held_out",
    "load_poses",
    "load_rolls",
    "prepare",
    "steps_per_pass",
]
