"""Images for training: decoded once, then fed in an order that can be resumed.

    images = load("digits")                       # or "mnist", or "path/to/folder"
    feed = batches(images, batch_size=64, seed=0)

`load` reads a TensorFlow Datasets set or a folder of image files into one
uint8 array, `load_domains` two for a translation; `batches` turns either into an
endless `tf.data.Dataset`.
"""

from kgan.data.domains import Domains
from kgan.data.images import Images, evenly
from kgan.data.jitter import Jitter
from kgan.data.pipeline import batches, steps_per_epoch
from kgan.data.sources.loading import load
from kgan.data.sources.translation import Ask, load_domains

__all__ = [
    "Ask",
    "Domains",
    "Images",
    "Jitter",
    "batches",
    "evenly",
    "load",
    "load_domains",
    "steps_per_epoch",
]
