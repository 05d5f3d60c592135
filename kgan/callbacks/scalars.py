"""TensorBoard's scalars, and the run's configuration beside them."""

import json
import time
from pathlib import Path

import keras
import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams


class Scalars(keras.callbacks.Callback):
    """Writes each loss, term, reading and gradient norm, and the speed.

    A point is the mean over the last `every` steps or more, at the number of
    descents of G so far. The equilibrium goes into a run of its own, so that
    TensorBoard draws it into the chart of the value that moves towards it.

    Args:
        workdir: the run's folder; events go below its "tensorboard".
        images_per_step: real images that one step takes.
        config: dict of the configuration, shown as text and as hparams.
    """

    def __init__(self, workdir, images_per_step, config, every=20):
        super().__init__()
        self.folder = Path(workdir) / "tensorboard"
        self.images_per_step, self.config = images_per_step, config
        self.every = every

    def on_train_begin(self, logs=None):
        self._writer = tf.summary.create_file_writer(str(self.folder / "train"))
        self._level = tf.summary.create_file_writer(str(self.folder / "equilibrium"))
        with self._writer.as_default(step=0):
            text = json.dumps(self.config, indent=2)
            tf.summary.text("config", f"```\n{text}\n```")
            hparams.hparams(
                {
                    k: v if v is not None else ""
                    for k, v in self.config.items()
                    if not isinstance(v, (list, tuple, dict))
                }
            )
        self._marks, self._step, self._time = {}, self._now(), time.perf_counter()

    def on_epoch_begin(self, epoch, logs=None):
        self._marks = {}  # Keras has reset the means

    def on_train_batch_end(self, batch, logs=None):
        if self._now() - self._step >= self.every:
            self._write()

    def on_epoch_end(self, epoch, logs=None):
        if self._now() > self._step:
            self._write()

    def on_train_end(self, logs=None):
        self._writer.close()
        self._level.close()

    def _now(self):
        return int(self.model.min_optimizer.iterations)

    def _write(self):
        step, now = self._now(), time.perf_counter()
        speed = (step - self._step) * self.images_per_step / (now - self._time)
        self._step, self._time = step, now
        with self._writer.as_default(step=step):
            for name, tracker in self.model.trackers.items():
                tf.summary.scalar(_tag(name), self._recent(name, tracker))
            for side in (self.model.max_side, self.model.min_side):
                rate = side.optimizer.learning_rate
                tf.summary.scalar(f"learning_rate/{side.name}", rate)
            tf.summary.scalar("speed/images_per_second", speed)
        with self._level.as_default(step=step):
            for name, level in self.model.equilibrium.items():
                tf.summary.scalar(_tag(name), level)

    def _recent(self, name, tracker):
        """The mean since the last point: Keras' trackers run since the epoch's start."""
        total, count = float(tracker.total), float(tracker.count)
        old_total, old_count = self._marks.get(name, (0.0, 0.0))
        self._marks[name] = total, count
        new = count - old_count
        return (total - old_total) / new if new else float("nan")


def _tag(name):
    """TensorBoard groups by what stands before the slash."""
    return name if "/" in name else f"game/{name}"
