"""A callback that writes scalars and the run's configuration to TensorBoard."""

import json
import time
from typing import Any

import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from kgan.callbacks.means import Means
from kgan.callbacks.resumable import Resumable
from kgan.callbacks.tensorboard import TensorBoardWriter


class Scalars(Resumable):
    """Writes each loss, term, diagnostic and gradient norm, and the speed.

    A point is the mean over the last `every` steps or more; its x value is the number
    of descents of G so far. The equilibrium is written as a run of its own, so that
    TensorBoard draws it into the chart of the value that approaches it.

    Args:
        tensorboard: a `TensorBoardWriter`.
        examples_per_step: real examples that one step takes.
        config: dict of the configuration, shown as text and as hparams.
    """

    def __init__(
        self,
        tensorboard: TensorBoardWriter,
        examples_per_step: float,
        config: dict[str, Any],
        every: int = 20,
    ) -> None:
        super().__init__()
        self.tensorboard, self.examples_per_step = tensorboard, examples_per_step
        self.config, self.every = config, every
        self.resume(None)

    def state(self) -> dict[str, Any]:
        return {"step": self._step, "means": self._means.state()}

    def resume(self, state: dict[str, Any] | None) -> None:
        self._new = state is None
        state = state or {"step": 0, "means": None}
        self._step, self._means = state["step"], Means(state["means"])

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._timed, self._time = self._now(), time.perf_counter()
        if self._new:
            with self.tensorboard.at("train", 0):
                text = json.dumps(self.config, indent=2)
                tf.summary.text("config", f"```\n{text}\n```")
                hparams.hparams(_simple(self.config))

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        if self._now() - self._step >= self.every:
            self._write()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self._now() > self._step:
            self._write()
        self._means.collect(self.model.running_means, ends=True)

    def _now(self):
        return self.model.descents

    def _write(self):
        step, now = self._now(), time.perf_counter()
        speed = (step - self._timed) * self.examples_per_step / (now - self._time)
        self._step, self._timed, self._time = step, step, now
        self._means.collect(self.model.running_means)
        with self.tensorboard.at("train", step):
            for name, mean in self._means.take().items():
                tf.summary.scalar(_tag(name), mean)
            for side in (self.model.max_side, self.model.min_side):
                rate = side.optimizer.learning_rate
                tf.summary.scalar(f"learning_rate/{side.name}", rate)
            tf.summary.scalar("speed/examples_per_second", speed)
        with self.tensorboard.at("equilibrium", step):
            for name, level in self.model.equilibrium.items():
                tf.summary.scalar(_tag(name), level)


def _tag(name):
    """TensorBoard groups by what stands before the slash."""
    return name if "/" in name else f"game/{name}"


def _simple(config):
    """The configuration without the values that a hyperparameter table cannot hold."""
    return {
        name: "" if value is None else value
        for name, value in config.items()
        if not isinstance(value, (list, tuple, dict))
    }
