"""The base of `Game`: optimizers, iteration counter, running means and state."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Self

import keras
import tensorflow as tf

from kgan.optimizers import Adam
from kgan.replicas import deal
from kgan.running_means import RunningMeans
from kgan.schedules import rate_variables, scalable_rate
from kgan.typing import Number, Tensors


class Side(NamedTuple):
    """One side of a game.

    Attributes:
        name: in the logs.
        weights: the trainable variables of its players.
        terms: a function of what `forward` returned: the terms that it minimises.
        optimizer: updates `weights`.
    """

    name: str
    weights: list[Any]
    terms: Callable[[Any], Tensors]
    optimizer: keras.optimizers.Optimizer


class Compiled(keras.Model):
    """A Keras model with two optimizers, one iteration counter and running means.

    Attributes:
        iterations: how many iterations were trained, an int64 variable; every
            `Schedule` is a function of it.
        fields: name -> `kgan.data.Field`, if the batches hold data as they are stored;
            {} if they hold what the networks take.
        running_means: the means of the values that `track` was called with.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields: dict[str, Any] = {}
        self.iterations: keras.Variable = keras.Variable(
            0,
            dtype="int64",
            trainable=False,
            aggregation="only_first_replica",
            name="iterations",
        )
        self.rounds: int  # of data in an iteration
        self._given = None  # to `compile`, which a part of another game never sees

    def compile(
        self,
        *,
        max_optimizer: str | keras.Optimizer = "adam",
        min_optimizer: str | keras.Optimizer = "adam",
        **kwargs: Any,
    ) -> None:
        """Sets the optimizer of each side.

        Args:
            max_optimizer: of the max side, D.
            min_optimizer: of the min side, G.
            kwargs: as `keras.Model.compile` takes them.
        """
        super().compile(optimizer=None, **kwargs)
        self._given = {
            "max_optimizer": max_optimizer,
            "min_optimizer": min_optimizer,
            **kwargs,
        }
        self.max_optimizer = own(max_optimizer, self.max_players(), self.max_steps)
        self.min_optimizer = own(min_optimizer, self.min_players(), self.min_steps)
        first, second = self.sides
        self.max_side: Side = Side(
            first, weights(self.max_players()), self.max_terms, self.max_optimizer
        )
        self.min_side: Side = Side(
            second, weights(self.min_players()), self.min_terms, self.min_optimizer
        )
        every = [
            f"{s}/{what}" for s in self.sides for what in ("loss", "gradient_norm")
        ]
        self.running_means: RunningMeans = RunningMeans([*every, *self.tracked])

    @property
    def replicas(self) -> int:
        """The number of replicas that the game's strategy has; 1 without one."""
        return self.distribute_strategy.num_replicas_in_sync

    def fit(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        return super().fit(self.dealt(x), *args, **kwargs)

    def make_train_function(self, force: bool = False) -> Any:
        """Sets what `fit` and a run call for `steps_per_execution` steps, and returns it.

        Keras' own takes one replica; for several it averages logs along an axis that they
        do not have, and cannot repeat a step.
        """
        if self.replicas == 1:
            return super().make_train_function(force)
        if self.train_function is None or force:
            self.train_function = tf.function(self._shared_steps, autograph=False)
        return self.train_function

    def _shared_steps(self, iterator):
        def step(number):
            self.distribute_strategy.run(self.train_step, args=(next(iterator),))
            return (number + 1,)

        steps = self.steps_per_execution
        tf.while_loop(lambda number: number < steps, step, [0], parallel_iterations=1)
        return self.means()

    def dealt(self, batches: Any) -> Any:
        """Returns a `tf.data.Dataset` whose batches this game's replicas can share.

        With one replica, or with one round of data per iteration, it is the same.

        Raises:
            TypeError: several replicas share several rounds of what is no data set.
        """
        replicas = self.replicas
        if replicas == 1 or self.rounds == 1:
            return batches
        if not isinstance(batches, tf.data.Dataset):
            raise TypeError(
                f"{replicas} replicas share {self.rounds} rounds of data: give a "
                f"tf.data.Dataset, got {type(batches).__name__}"
            )
        return batches.map(lambda one: deal(one, self.rounds, replicas))

    def track(self, name: str, values: Number) -> None:
        """Adds `values`, any shape, to the epoch's running mean of `name`.

        Raises:
            KeyError: `tracked` does not name it.
        """
        if name not in self.running_means.names:
            raise KeyError(
                f"{type(self).__name__} tracks {name!r} but does not name it in "
                f"`tracked`: {', '.join(self.running_means.names)}"
            )
        self.running_means.add(name, values)

    def means(self) -> Tensors:
        """Returns the means since `reset_metrics`: name -> scalar tensor."""
        return self.running_means.result()

    def scale_learning_rates(self, factor: float) -> None:
        """Multiplies the learning rates of both sides by `factor`; `state` keeps it.

        Raises:
            TypeError: a rate is a function.
        """
        for side in (self.max_side, self.min_side):
            rate = scalable_rate(inner(side.optimizer))
            if rate is None:
                raise TypeError(
                    f"The rate of {side.name} is a function: use a schedule"
                )
            rate.assign(rate * factor)

    @property
    def state(self) -> list[Any]:
        """All variables of the game, from which a run resumes exactly.

        These are the networks, moving averages, counters, random state and whatever
        else a variant adds with `add_weight`; the running means of the epoch; the
        variables of both optimizers.
        """
        return [
            *self.variables,
            *self.metrics_variables,
            *self.max_optimizer.variables,
            *self.min_optimizer.variables,
            *rate_variables(inner(self.max_optimizer)),
            *rate_variables(inner(self.min_optimizer)),
        ]

    def get_compile_config(self) -> dict[str, Any] | None:
        return self._given and keras.saving.serialize_keras_object(self._given)

    def compile_from_config(self, config: dict[str, Any]) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        return cls(**keras.saving.deserialize_keras_object(config))


def own(
    optimizer: str | keras.Optimizer, players: Iterable[keras.Model], steps: int
) -> keras.Optimizer:
    """Returns a built optimizer for `players`, with loss scaling under mixed_float16.

    Args:
        optimizer: an optimizer or its name.
        players: models.
        steps: steps of the optimizer per iteration of the game.
    """
    made = keras.optimizers.get(optimizer)
    scalable_rate(inner(made), steps)  # from now on, before the step is traced
    if isinstance(inner(made), Adam):
        inner(made).every = steps
    # Keras wraps only `self.optimizer`, which a game does not have.
    if keras.config.dtype_policy().name == "mixed_float16":
        made = keras.optimizers.LossScaleOptimizer(made)
    made.build(weights(players))
    return made


def inner(optimizer: keras.Optimizer) -> keras.Optimizer:
    """Returns the optimizer inside a LossScaleOptimizer, or `optimizer` itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def weights(players: Iterable[keras.Model]) -> list[keras.Variable]:
    """Returns the trainable variables of several models."""
    return [w for player in players for w in player.trainable_variables]
