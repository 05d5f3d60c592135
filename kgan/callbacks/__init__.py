"""What a run shows and keeps while it trains."""

from kgan.callbacks.board import Board
from kgan.callbacks.evaluate import Evaluate
from kgan.callbacks.health import Health
from kgan.callbacks.keep import History, Keep
from kgan.callbacks.lasting import Lasting
from kgan.callbacks.progress import Progress
from kgan.callbacks.samples import SampleGrids
from kgan.callbacks.scalars import Scalars
from kgan.callbacks.signals import Signals

__all__ = [
    "Board",
    "Evaluate",
    "Health",
    "History",
    "Keep",
    "Lasting",
    "Progress",
    "SampleGrids",
    "Scalars",
    "Signals",
]
