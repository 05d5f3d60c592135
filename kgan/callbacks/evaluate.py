"""A callback that scores the game every few epochs and keeps the best generator."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from kgan.callbacks.resumable import Resumable
from kgan.callbacks.tensorboard import TensorBoardWriter
from kgan.typing import Log


class Evaluate(Resumable):
    """Scores the game every few epochs and at the end, and writes it to TensorBoard.

    Args:
        tensorboard: a `TensorBoardWriter`.
        every: epochs from one evaluation to the next.
        measure: game -> (name, value); a lower value is better.
        keep: called without arguments whenever the value is the best so far.
        log: called with one line then.
    """

    def __init__(
        self,
        tensorboard: TensorBoardWriter,
        every: int,
        measure: Callable[[Any], tuple[str, float]],
        keep: Callable[[], None],
        log: Log = print,
    ) -> None:
        super().__init__()
        self.tensorboard, self.every, self.log = tensorboard, every, log
        self.measure, self.keep = measure, keep
        self.resume(None)

    def state(self) -> dict[str, Any]:
        return {"best": self._best}

    def resume(self, state: dict[str, Any] | None) -> None:
        self._best = state["best"] if state else None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        done = epoch + 1
        if done % self.every and done != self.params["epochs"]:
            return
        name, value = self.measure(self.model)
        with self.tensorboard.at("train", self.model.descents):
            tf.summary.scalar(f"evaluation/{name}", value)
        if self._best is None or value < self._best:
            self._best = value
            self.keep()
            self.log(f"epoch {done}: {name} {value:.4g}, the best so far")
