"""The Keras layers that this package adds, one in each file."""

from kgan.networks.layers.basis import DiscriminativeBasis, GenerativeBasis
from kgan.networks.layers.batch_norm import BatchNorm
from kgan.networks.layers.dropout import Dropout
from kgan.networks.layers.grouped_conv import GroupedConv2D
from kgan.networks.layers.harmony import Harmony
from kgan.networks.layers.instance_norm import InstanceNorm
from kgan.networks.layers.maxout import Maxout
from kgan.networks.layers.placed import Placed
from kgan.networks.layers.reflect import Reflect
from kgan.networks.layers.resample import Resample
from kgan.networks.layers.sliced_dense import SlicedDense
from kgan.networks.layers.spectral_norm import SpectralNorm
from kgan.networks.layers.voice_writer import VoiceWriter
from kgan.networks.layers.writer import Writer

__all__ = [
    "BatchNorm",
    "DiscriminativeBasis",
    "Dropout",
    "GenerativeBasis",
    "GroupedConv2D",
    "Harmony",
    "InstanceNorm",
    "Maxout",
    "Placed",
    "Reflect",
    "Resample",
    "SlicedDense",
    "SpectralNorm",
    "VoiceWriter",
    "Writer",
]
