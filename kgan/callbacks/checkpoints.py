"""Callbacks that write checkpoints and history.csv while a run trains."""

import time
from pathlib import Path
from typing import Any

import keras

from kgan.callbacks.csv_log import CSVLog
from kgan.typing import Log, PathLike


class SaveCheckpoints(keras.callbacks.Callback):
    """Saves a checkpoint whenever one is due, and at the end of the run.

    Put it after the callbacks whose state it saves.

    Args:
        checkpoints: a `kgan.training.checkpoint.Checkpoints`.
        every: a `kgan.training.checkpoint.CheckpointInterval`.
        start: the `kgan.training.loop.Position` at which the run begins or resumes.
        resumables: name -> `Resumable`; their states are saved in each checkpoint.
        rollback: a `kgan.training.rollback.Rollback` that keeps healthy checkpoints, or
            None.
        notes: name -> the states at `start`. Those of callbacks that are not of this run
            stay in its checkpoints.

    One of `resumables` may be called "health", a `kgan.health.callback.Health`. A
    checkpoint is saved only while its `sound()` is true, and one for a rollback only
    when its `worth_keeping()` is true.
    """

    def __init__(
        self,
        checkpoints: Any,
        every: Any,
        start: Any,
        resumables: dict[str, Any],
        rollback: Any = None,
        notes: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.checkpoints, self.every, self.resumables = checkpoints, every, resumables
        self.health, self.rollback = resumables.get("health"), rollback
        self.notes = dict(notes or {})
        self._at = self._saved = start

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._time, self._steps = time.monotonic(), 0
        self._keep_aside()

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        self._steps += batch + 1 - self._at.step
        self._at = self._at._replace(step=batch + 1)
        # The last step of an epoch is saved when its row and grid are written.
        if batch + 1 < self.params["steps"] and self._due():
            self._save()
        if batch + 1 < self.params["steps"]:
            self._keep_aside()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._at = self._at._replace(epoch=epoch + 1, step=0)
        if epoch + 1 == self.params["epochs"] or self._due():
            self._save()
        self._keep_aside()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self._at != self._saved:  # asked to stop
            self._save()

    def _due(self):
        minutes = (time.monotonic() - self._time) / 60
        epochs = self._at.epoch - self._saved.epoch
        return self.every.due(minutes, self._steps, epochs)

    def _save(self):
        if self.health is None or self.health.sound():
            self.checkpoints.save(self._at, self._notes())
            self._saved, self._time, self._steps = self._at, time.monotonic(), 0

    def _keep_aside(self):
        if self.rollback and self.health and self.health.worth_keeping():
            self.rollback.save(self._at, self._notes())

    def _notes(self):
        return self.notes | {name: one.state() for name, one in self.resumables.items()}


class EpochLog(CSVLog):
    """Writes WORKDIR/history.csv: one row per epoch with the mean of every log.

    Args:
        workdir: the run's folder.
        log: called with one line when rows newer than the checkpoint were cut off.
    """

    def __init__(self, workdir: PathLike, log: Log = print) -> None:
        super().__init__(Path(workdir) / "history.csv", ["epoch"], log)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.add({"epoch": epoch + 1} | {k: float(v) for k, v in (logs or {}).items()})
