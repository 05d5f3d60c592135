"""Callbacks that show and save a run while it trains."""

from kgan.callbacks.checkpoints import EpochLog, SaveCheckpoints
from kgan.callbacks.evaluate import Evaluate
from kgan.callbacks.previews import Previews
from kgan.callbacks.progress import Progress
from kgan.callbacks.resumable import Resumable
from kgan.callbacks.scalars import Scalars
from kgan.callbacks.tensorboard import TensorBoardWriter

__all__ = [
    "EpochLog",
    "Evaluate",
    "Previews",
    "Progress",
    "Resumable",
    "SaveCheckpoints",
    "Scalars",
    "TensorBoardWriter",
]
