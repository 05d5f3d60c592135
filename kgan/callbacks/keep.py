"""What is kept while training: checkpoints and the history."""

import csv
import time
from pathlib import Path

import keras

from kgan.callbacks.lasting import Lasting
from kgan.files import cut, writing


class Keep(keras.callbacks.Callback):
    """Saves a checkpoint whenever one is due, and at the end of the run.

    Comes after the callbacks whose work a checkpoint covers.

    Args:
        checkpoints: a `kgan.checkpoint.Checkpoints`.
        every: a `kgan.checkpoint.Every`.
        start: the `kgan.loop.Position` at which the run begins or goes on.
        lasting: name -> `Lasting`, whose state a checkpoint holds.
    """

    def __init__(self, checkpoints, every, start, lasting):
        super().__init__()
        self.checkpoints, self.every, self.lasting = checkpoints, every, lasting
        self._at = self._saved = start

    def on_train_begin(self, logs=None):
        self._time, self._steps = time.monotonic(), 0

    def on_train_batch_end(self, batch, logs=None):
        self._steps += batch + 1 - self._at.step
        self._at = self._at._replace(step=batch + 1)
        # The last step of an epoch is saved when its row and grid are written.
        if batch + 1 < self.params["steps"] and self._due():
            self._save()

    def on_epoch_end(self, epoch, logs=None):
        self._at = self._at._replace(epoch=epoch + 1, step=0)
        if epoch + 1 == self.params["epochs"] or self._due():
            self._save()

    def on_train_end(self, logs=None):
        if self._at != self._saved:  # asked to stop
            self._save()

    def _due(self):
        minutes = (time.monotonic() - self._time) / 60
        epochs = self._at.epoch - self._saved.epoch
        return self.every.due(minutes, self._steps, epochs)

    def _save(self):
        notes = {name: one.state() for name, one in self.lasting.items()}
        self.checkpoints.save(self._at, notes)
        self._saved, self._time, self._steps = self._at, time.monotonic(), 0


class History(Lasting):
    """WORKDIR/history.csv: a row per epoch, the mean of every log.

    Args:
        workdir: the run's folder.
        say: told when the file has lost rows since the checkpoint.
    """

    def __init__(self, workdir, say=print):
        super().__init__()
        self.path, self.say = Path(workdir) / "history.csv", say

    def state(self):
        return {"bytes": self.path.stat().st_size}

    def resume(self, state):
        lost = cut(self.path, state["bytes"] if state else 0)
        if lost:
            self.say(f"{self.path}: {lost} bytes are gone, and rows with them")

    def on_train_begin(self, logs=None):
        with writing(self.path):
            self._file = open(self.path, "a", newline="", encoding="utf-8")  # noqa: SIM115

    def on_epoch_end(self, epoch, logs=None):
        writer = csv.DictWriter(self._file, ["epoch", *sorted(logs)])
        with writing(self.path):
            if self._file.tell() == 0:
                writer.writeheader()
            writer.writerow(
                {"epoch": epoch + 1} | {k: float(v) for k, v in logs.items()}
            )
            self._file.flush()

    def on_train_end(self, logs=None):
        self._file.close()
