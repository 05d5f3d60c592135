"""Learning rates that can be lowered while a game is played."""

import keras
from keras.optimizers.schedules import LearningRateSchedule


@keras.saving.register_keras_serializable("kgan")
class Slowed(LearningRateSchedule):
    """`schedule` times `factor`, a variable: a schedule by itself cannot be changed."""

    def __init__(self, schedule, factor=1.0):
        super().__init__()
        self.schedule = schedule
        self.factor = keras.Variable(factor, trainable=False, name="factor")

    def __call__(self, step):
        return self.schedule(step) * self.factor

    def get_config(self):
        return {
            "schedule": keras.saving.serialize_keras_object(self.schedule),
            "factor": float(self.factor),
        }

    @classmethod
    def from_config(cls, config):
        schedule = keras.saving.deserialize_keras_object(config["schedule"])
        return cls(schedule, config["factor"])


def lowerable(optimizer):
    """The variable to which the rate of `optimizer` is proportional.

    A schedule becomes a `Slowed` one. None for a rate that is a function: what it
    will say is known to nobody.
    """
    rate = optimizer._learning_rate
    if isinstance(rate, LearningRateSchedule) and not isinstance(rate, Slowed):
        optimizer.learning_rate = rate = Slowed(rate)
    if isinstance(rate, Slowed):
        return rate.factor
    return rate if isinstance(rate, keras.Variable) else None


def unsaved(optimizer):
    """What belongs to the optimizer's rate and is none of its variables."""
    rate = optimizer._learning_rate
    return [rate.factor] if isinstance(rate, Slowed) else []
