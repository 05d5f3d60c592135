"""A score now and then, and the generator that had the best."""

import tensorflow as tf

from kgan.callbacks.resumable import Resumable


class Evaluate(Resumable):
    """Measures the game every few epochs and at the end, into TensorBoard.

    Args:
        tensorboard: a `TensorBoardWriter`.
        every: epochs from one evaluation to the next.
        measure: game -> (name, value); less is better.
        keep: called whenever the value is the best so far.
        say: told of it.
    """

    def __init__(self, tensorboard, every, measure, keep, log=print):
        super().__init__()
        self.tensorboard, self.every, self.log = tensorboard, every, log
        self.measure, self.keep = measure, keep
        self.resume(None)

    def state(self):
        return {"best": self._best}

    def resume(self, state):
        self._best = state["best"] if state else None

    def on_epoch_end(self, epoch, logs=None):
        done = epoch + 1
        if done % self.every and done != self.params["epochs"]:
            return
        name, value = self.measure(self.model)
        with self.tensorboard.at("train", int(self.model.min_optimizer.iterations)):
            tf.summary.scalar(f"evaluation/{name}", value)
        if self._best is None or value < self._best:
            self._best = value
            self.keep()
            self.log(f"epoch {done}: {name} {value:.4g}, the best so far")
