"""min over G, max over D of V(D, G): the one loop behind every kgan model."""

import contextlib
from typing import NamedTuple

import keras
import tensorflow as tf
from keras import ops

from kgan.randomness import of_replica
from kgan.rates import lowerable, unsaved
from kgan.running_means import RunningMeans


class Side(NamedTuple):
    """One player: its name in the logs, what it moves, minimises and moves with."""

    name: str
    weights: list
    terms: callable
    optimizer: keras.optimizers.Optimizer


class Game(keras.Model):
    """Two sides that pull on one value.

    Alternating (Goodfellow 2014, Algorithm 1): `max_steps` ascents of the max
    side, each on fresh data, then one descent of the min side, or `min_steps`.
    Simultaneous: one forward pass, from which both sides take their gradient
    before either moves.

    A subclass says who plays (`max_players`, `min_players`: lists of models),
    how a round is played (`play(batch)`) and which terms each side *minimises*
    (`max_terms`, `min_terms`: dicts of name -> tensor of shape (batch, ...)).
    Terms stay per example; only `Game` reduces, scales, sums and tracks them.
    Where what the min side makes follows from the batch alone, the game also has
    `makes_once` and `make(batch)`: the last ascent and the descent after it then
    play on the same `play(batch, made)`.

    Args:
        max_steps: ascents per descent. `fit` must deliver batches of `rounds`
            times the size of one round.
        min_steps: descents per `max_steps` ascents: the first on the data of the
            last ascent, each further one on fresh data.
        simultaneous: play both sides from one forward pass.
        seed: where all randomness of the game begins.

    `fit` takes batches that are a tensor (the real data) or a dict with the
    key "real", (rounds * batch, ...), and whatever else the variant needs.
    """

    sides = ("max", "min")
    tracked = ()  # names beside the losses that `track` will be called with
    reuses_generated = False  # else a descent draws anew, as Algorithm 1 does

    def __init__(self, max_steps=1, min_steps=1, simultaneous=False, seed=0, **kwargs):
        super().__init__(**kwargs)
        if simultaneous and (max_steps, min_steps) != (1, 1):
            raise ValueError(
                "A simultaneous game has one ascent per descent; "
                f"got max_steps={max_steps}, min_steps={min_steps}"
            )
        self.max_steps, self.min_steps = max_steps, min_steps
        self.simultaneous = simultaneous
        self.equilibrium = {}  # name of a tracked value -> where the game rests
        self.first_seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self._given = None  # to `compile`, which a part of another game never sees
        self.built = True  # functional networks already own their weights

    def train_step(self, data):
        rounds = self._rounds(data)
        with self.running_means.written_once():
            if self.simultaneous:
                self.move([self.max_side, self.min_side], rounds[0])
            else:
                last = self.max_steps - 1
                for batch in rounds[:last]:  # D climbs V: fresh data each time
                    self.move([self.max_side], batch)
                self.turn(rounds[last])
                for batch in rounds[last + 1 :]:  # G steps down V, mostly once
                    self.move([self.min_side], batch)
        self.after_round()
        return self.means()

    def means(self):
        """What was tracked since `reset_metrics`: name -> mean, a tensor."""
        return self.running_means.result()

    def after_round(self):
        """What follows a round without a gradient, such as a moving average."""

    def turn(self, batch):
        """An ascent and a descent on the same data."""
        if not self.reuses_generated:
            self.move([self.max_side], batch)
            self.move([self.min_side], batch)
            return
        with self._watch([self.min_side]) as tape:
            made = self.make(batch)
            with tape.stop_recording():
                self.move([self.max_side], batch, made)
            loss = self._loss(self.min_side, self.play(batch, made))
        self._step([self.min_side], [loss], tape)

    def move(self, sides, batch, *made):
        """One step of each of `sides`, all from the same round on `batch`.

        Args: `made`, what `make` returned, if it has been asked already.
        """
        with self._watch(sides) as tape:
            played = self.play(batch, *made)
            losses = [self._loss(side, played) for side in sides]
        self._step(sides, losses, tape)

    @contextlib.contextmanager
    def _watch(self, sides):
        # Only these sides' weights are watched: an opponent is a constant.
        with tf.GradientTape(
            persistent=len(sides) > 1, watch_accessed_variables=False
        ) as tape:
            tape.watch([w.value for side in sides for w in side.weights])
            yield tape

    def _step(self, sides, losses, tape):
        gradients = [
            tape.gradient(loss, side.weights)
            for loss, side in zip(losses, sides, strict=True)
        ]
        for side, gradient in zip(sides, gradients, strict=True):
            scale = side.optimizer.scale_loss(1.0)
            norm = tf.linalg.global_norm(gradient) / ops.cast(scale, "float32")
            self.track(f"{side.name}/gradient_norm", norm)
            side.optimizer.apply(gradient, side.weights)

    def probe(self, batch, held_out=None):
        """What a round on `batch` shows beside its losses; it changes nothing.

        Args:
            batch: as one ascent gets it.
            held_out: the same of data that is not trained on; None for none.

        Returns:
            A dict name -> tensor: scalars, and what a picture of the round is made
            of. A game without such knowledge returns nothing.
        """
        return {}

    def slow(self, factor):
        """Multiplies both sides' learning rates, which `state` holds.

        Raises:
            TypeError: a rate is a function.
        """
        for side in (self.max_side, self.min_side):
            rate = lowerable(_inner(side.optimizer))
            if rate is None:
                raise TypeError(
                    f"The rate of {side.name} is a function: use a schedule"
                )
            rate.assign(rate * factor)

    def _loss(self, side, played):
        terms = {
            name: _per_example(name, term) for name, term in side.terms(played).items()
        }
        for name, term in terms.items():
            self.track(f"{side.name}/{name}", term)
        total = sum(ops.mean(term) for term in terms.values())
        self.track(f"{side.name}/loss", total)
        # Optimizers SUM gradients over replicas; this makes the sum a mean.
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        return side.optimizer.scale_loss(total / replicas)

    def track(self, name, values):
        """Adds `values`, any shape, to the running mean `name` of the epoch."""
        if name not in self.running_means.names:
            raise KeyError(
                f"{type(self).__name__} tracks {name!r} but does not name it in "
                f"`tracked`: {', '.join(self.running_means.names)}"
            )
        self.running_means.add(name, values)

    @property
    def rounds(self):
        """Rounds of data that one step takes."""
        return self.max_steps + self.min_steps - 1

    def _rounds(self, data):
        data = data if isinstance(data, dict) else {"real": data}
        parts = {k: ops.split(v, self.rounds) for k, v in data.items()}
        return [{k: v[i] for k, v in parts.items()} for i in range(self.rounds)]

    def compile(self, max_optimizer="adam", min_optimizer="adam", **kwargs):
        """Args: an optimizer for each side; `kwargs` as `keras.Model.compile`."""
        super().compile(optimizer=None, **kwargs)
        self._given = {
            "max_optimizer": max_optimizer,
            "min_optimizer": min_optimizer,
            **kwargs,
        }
        self.max_optimizer = self._own(max_optimizer, self.max_players())
        self.min_optimizer = self._own(min_optimizer, self.min_players())
        first, second = self.sides
        self.max_side = Side(
            first, _weights(self.max_players()), self.max_terms, self.max_optimizer
        )
        self.min_side = Side(
            second, _weights(self.min_players()), self.min_terms, self.min_optimizer
        )
        every = [
            f"{s}/{what}" for s in self.sides for what in ("loss", "gradient_norm")
        ]
        self.running_means = RunningMeans([*every, *self.tracked])

    @property
    def state(self):
        """Every variable that a run needs to go on: all that the game remembers.

        Networks, moving averages, random state and whatever else a variant adds
        with `add_weight`; the running means of the epoch; both optimizers.
        """
        return [
            *self.variables,
            *self.metrics_variables,
            *self.max_optimizer.variables,
            *self.min_optimizer.variables,
            *unsaved(_inner(self.max_optimizer)),
            *unsaved(_inner(self.min_optimizer)),
        ]

    def _own(self, optimizer, players):
        optimizer = keras.optimizers.get(optimizer)
        lowerable(_inner(optimizer))  # from now on, before the step is traced
        # Keras wraps only `self.optimizer`, which a game does not have.
        if keras.config.dtype_policy().name == "mixed_float16":
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        optimizer.build(_weights(players))
        return optimizer

    def get_compile_config(self):
        return self._given and keras.saving.serialize_keras_object(self._given)

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    def get_config(self):
        return super().get_config() | {
            "max_steps": self.max_steps,
            "min_steps": self.min_steps,
            "simultaneous": self.simultaneous,
            "seed": self.first_seed,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**keras.saving.deserialize_keras_object(config))

    def fresh_seed(self):
        """A seed for `kgan.randomness`, int32 (2,): new per call and replica."""
        return of_replica(self.seed_generator.next())


def _inner(optimizer):
    """What a LossScaleOptimizer wraps, or the optimizer itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def _weights(players):
    return [w for player in players for w in player.trainable_variables]


def _per_example(name, term):
    if not term.shape.rank:
        raise ValueError(
            f"Term {name!r} must be per example, shape (batch, ...); got a scalar"
        )
    return ops.cast(term, "float32")
