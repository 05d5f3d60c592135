"""Learning rates that change while the game is played."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("kgan")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Constant, then linear down to 0 (Zhu 2017, appendix 7.1).

    What it depends on, the optimizer's count of its steps, is part of a checkpoint.

    Args:
        rate: at first.
        steps: when it has come to 0.
        share: of `steps`, at their end, in which it falls; above 0, at most 1.
    """

    def __init__(self, rate, steps, share=0.5):
        self.rate, self.steps, self.share = rate, steps, share

    def __call__(self, step):
        left = (self.steps - ops.cast(step, "float32")) / (self.steps * self.share)
        return self.rate * ops.clip(left, 0.0, 1.0)

    def get_config(self):
        return {"rate": self.rate, "steps": self.steps, "share": self.share}
