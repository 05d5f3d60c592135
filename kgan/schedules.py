"""Numbers that change during training, such as learning rates.

Example:
    rate = kgan.schedules.Schedule(2e-4, steps=10_000, share=0.5)  # falls from step 5,000
    float(rate(7_500))  # 1e-4
    optimizer = keras.optimizers.Adam(rate)
"""

import math
from typing import Any, Self

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from kgan.keras_private import rate_of
from kgan.typing import Number, Tensor

SHAPES = ("constant", "linear", "cosine")


@keras.saving.register_keras_serializable("kgan")
class Schedule(LearningRateSchedule):
    """A number as a function of the game's iteration counter.

    It stays at `value`, changes to `end` along a line or half a cosine during the last
    `share` of `steps`, and then stays at `end`. With `warm_up` it rises linearly from 0
    in the first iterations. With share=0.5, end=0 and a line it is the decay of Zhu
    2017, appendix 7.1; with share=1 and a cosine that of Loshchilov 2017, Eq. 5 without
    restarts.

    It can be the learning rate of an optimizer; a game then passes it the game's
    iterations, not the optimizer's steps.

    Args:
        value: the number at the start.
        end: the number after `steps` iterations.
        steps: iterations until it is `end`; 0 keeps `value`.
        shape: "constant", "linear" or "cosine".
        share: the last part of `steps`, in which it changes; above 0, at most 1.
        warm_up: iterations in which it rises from 0; 0 is none.
    """

    def __init__(
        self,
        value: float,
        end: float = 0.0,
        steps: int = 0,
        shape: str = "linear",
        share: float = 1.0,
        warm_up: int = 0,
    ) -> None:
        if shape not in SHAPES:
            raise ValueError(f"shape must be one of {', '.join(SHAPES)}; got {shape!r}")
        if not 0.0 < share <= 1.0:
            raise ValueError(f"share must be above 0 and at most 1; got {share}")
        self.value, self.end, self.steps = value, end, steps
        self.shape, self.share, self.warm_up = shape, share, warm_up

    def __call__(self, iteration: Number) -> Tensor:
        """Returns the number at `iteration`, a scalar, as a float32 tensor."""
        now = ops.cast(iteration, "float32")
        number = ops.cast(self.value, "float32")
        if self.steps and self.shape != "constant":
            left = ops.clip((self.steps - now) / (self.steps * self.share), 0.0, 1.0)
            if self.shape == "cosine":
                left = 0.5 * (1.0 - ops.cos(math.pi * left))
            number = self.end + (self.value - self.end) * left
        if self.warm_up:
            number = number * ops.minimum(1.0, (now + 1.0) / self.warm_up)
        return number

    def get_config(self) -> dict[str, Any]:
        names = ("value", "end", "steps", "shape", "share", "warm_up")
        return {name: getattr(self, name) for name in names}


@keras.saving.register_keras_serializable("kgan")
class HalfLife(LearningRateSchedule):
    """The decay of a moving average, from its half-life in images (Karras 2018).

    It is 0.5^(per_step / images), per step: an image counts for half of what it did
    once that many more were shown. A half-life of 0 keeps only the newest.

    Args:
        images: the half-life, a number or a `Schedule`.
        per_step: images that are shown in one step.
    """

    def __init__(self, images: float | Schedule, per_step: int) -> None:
        super().__init__()
        self.images, self.per_step = images, per_step

    def __call__(self, step: Number) -> Tensor:
        images = ops.maximum(scheduled(self.images, step), 1e-8)
        return ops.power(0.5, ops.cast(self.per_step / images, "float32"))

    def get_config(self) -> dict[str, Any]:
        return {"images": serialized(self.images), "per_step": self.per_step}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(deserialized(config["images"]), config["per_step"])


@keras.saving.register_keras_serializable("kgan")
class ScaledSchedule(LearningRateSchedule):
    """A schedule times a variable factor, so that a run can lower its learning rate.

    Args:
        schedule: a schedule.
        scale: the factor at the start.
        every: optimizer steps that count as one iteration of a `Schedule`.
    """

    def __init__(
        self, schedule: LearningRateSchedule, scale: float = 1.0, every: int = 1
    ) -> None:
        super().__init__()
        self.schedule, self.every = schedule, every
        self.scale = keras.Variable(scale, trainable=False, name="scale")

    def __call__(self, step: Number) -> Tensor:
        if isinstance(self.schedule, Schedule) and self.every > 1:
            step = ops.cast(step, "float32") / self.every
        return self.schedule(step) * self.scale

    def get_config(self) -> dict[str, Any]:
        return {
            "schedule": keras.saving.serialize_keras_object(self.schedule),
            "scale": float(self.scale),
            "every": self.every,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        schedule = keras.saving.deserialize_keras_object(config["schedule"])
        return cls(schedule, config["scale"], config["every"])


def scheduled(number: Any, iteration: Number) -> Number:
    """Returns `number` at `iteration`, whether it is a schedule or a constant."""
    return number(iteration) if isinstance(number, LearningRateSchedule) else number


def serialized(number: Any) -> Any:
    """Returns a number or a schedule as a configuration holds it."""
    return keras.saving.serialize_keras_object(number)


def deserialized(plain: Any) -> Any:
    """Returns the number or the schedule that `serialized` made plain."""
    return keras.saving.deserialize_keras_object(plain)


def scalable_rate(optimizer: keras.Optimizer, every: int = 1) -> keras.Variable | None:
    """Returns the variable to which the learning rate of `optimizer` is proportional.

    A schedule is wrapped in a `ScaledSchedule`. Returns None for a rate that is a
    function, which cannot be scaled.
    """
    rate = rate_of(optimizer)
    if isinstance(rate, LearningRateSchedule) and not isinstance(rate, ScaledSchedule):
        optimizer.learning_rate = rate = ScaledSchedule(rate, every=every)
    if isinstance(rate, ScaledSchedule):
        return rate.scale
    return rate if isinstance(rate, keras.Variable) else None


def rate_variables(optimizer: keras.Optimizer) -> list[keras.Variable]:
    """Returns the variables of the learning rate that the optimizer does not list."""
    rate = rate_of(optimizer)
    return [rate.scale] if isinstance(rate, ScaledSchedule) else []
