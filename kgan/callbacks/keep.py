"""What is kept while training: checkpoints and the history."""

import csv
import time
from pathlib import Path

import keras

from kgan.files import replacing


class Keep(keras.callbacks.Callback):
    """Saves a checkpoint at the first epoch's end after every `minutes`, and at the last.

    Args:
        checkpoints: a `kgan.checkpoint.Checkpoints`.
    """

    def __init__(self, checkpoints, minutes=1.0):
        super().__init__()
        self.checkpoints, self.minutes = checkpoints, minutes
        self._saved_at = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        last = epoch + 1 == self.params["epochs"]
        if last or time.monotonic() - self._saved_at >= 60 * self.minutes:
            self.checkpoints.save(epoch + 1)
            self._saved_at = time.monotonic()


class History(keras.callbacks.Callback):
    """WORKDIR/history.csv: a row per epoch, the mean of every log.

    A run that goes on from epoch e drops the rows after e that an interrupted
    one left: every epoch stands there once.

    Args:
        workdir: the run's folder.
        first_epoch: number of epochs that the run already has behind it.
    """

    def __init__(self, workdir, first_epoch=0):
        super().__init__()
        self.path, self.first_epoch = Path(workdir) / "history.csv", first_epoch

    def on_train_begin(self, logs=None):
        kept = []
        if self.path.exists() and self.first_epoch:
            with open(self.path, newline="", encoding="utf-8") as old:
                kept = list(csv.reader(old))[: self.first_epoch + 1]
        with (
            replacing(self.path) as temporary,
            open(temporary, "w", newline="", encoding="utf-8") as new,
        ):
            csv.writer(new).writerows(kept)
        self._file = open(self.path, "a", newline="", encoding="utf-8")  # noqa: SIM115

    def on_epoch_end(self, epoch, logs=None):
        names = ["epoch", *sorted(logs)]
        writer = csv.DictWriter(self._file, names)
        if self._file.tell() == 0:
            writer.writeheader()
        writer.writerow({"epoch": epoch + 1} | {k: float(v) for k, v in logs.items()})
        self._file.flush()

    def on_train_end(self, logs=None):
        self._file.close()
