"""The one training loop of all kgan models: min over G, max over D of V(D, G)."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from kgan.compiling import Compiled, Side
from kgan.controls import Control, checked
from kgan.replicas import count
from kgan.running_means import in_order
from kgan.typing import Seed, Tensor, Tensors


class Game(Compiled):
    """Base class of all games: a max side raises a value V, a min side lowers it.

    In a GAN the max side is D and the min side is G. Two schedules:

    - Alternating (Goodfellow 2014, Algorithm 1): `max_steps` ascents of the max side,
      each on fresh data, then `min_steps` descents of the min side.
    - Simultaneous: one forward pass; both sides take their gradient from it before
      either is updated.

    A subclass defines:

    - `max_players`, `min_players`: the models of each side, lists.
    - `forward(batch)`: the networks' outputs for a batch.
    - `max_terms`, `min_terms`: the terms that each side *minimises*, dicts of name ->
      tensor of shape (batch, ...). Terms stay per example; only `Game` reduces, scales,
      sums and tracks them.

    A game whose min side generates from the batch alone can set `reuses_generated` and
    define `generate_batch(batch)`. The last ascent and the descent after it then share
    what was generated, passed on as `forward(batch, generated)`.

    The users of a trained game call `controls`, `generate`, `preview` and `diagnose`;
    each of them is optional.

    Args:
        max_steps: ascents per descent. `fit` must deliver batches of `rounds` times the
            size of one round.
        min_steps: descents per `max_steps` ascents: the first on the data of the last
            ascent, each further one on fresh data.
        simultaneous: update both sides from one forward pass.
        seed: the seed of all randomness of the game.

    `fit` takes batches that are a tensor (the real data) or a dict with the key "real",
    (rounds * batch, ...), and whatever else the variant needs. If `fields` is set, as a
    run does, the batches hold data as they are stored, such as uint8 images.
    """

    sides: tuple[str, str] = ("max", "min")
    tracked: tuple[str, ...] = ()  # further names that `track` will be called with
    reuses_generated = False  # else a descent draws anew, as Algorithm 1 does

    def __init__(
        self,
        max_steps: int = 1,
        min_steps: int = 1,
        simultaneous: bool = False,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if simultaneous and (max_steps, min_steps) != (1, 1):
            raise ValueError(
                "A simultaneous game has one ascent per descent; "
                f"got max_steps={max_steps}, min_steps={min_steps}"
            )
        self.max_steps, self.min_steps = max_steps, min_steps
        self.simultaneous = simultaneous
        # Name of a tracked value -> where the game rests.
        self.equilibrium: dict[str, float] = {}
        self.first_seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True  # functional networks already own their weights

    def max_players(self) -> list[keras.Model]:
        """Returns the models of the max side."""
        raise NotImplementedError

    def min_players(self) -> list[keras.Model]:
        """Returns the models of the min side."""
        raise NotImplementedError

    def forward(self, batch: Tensors, *generated: Any) -> Any:
        """Returns the networks' outputs for a batch."""
        raise NotImplementedError

    def generate_batch(self, batch: Tensors) -> Any:
        """Returns what the min side generates, for `reuses_generated`."""
        raise NotImplementedError

    def max_terms(self, played: Any) -> Tensors:
        """Returns the terms that the max side minimises, by name."""
        raise NotImplementedError

    def min_terms(self, played: Any) -> Tensors:
        """Returns the terms that the min side minimises, by name."""
        raise NotImplementedError

    def train_step(self, data: Tensor | Tensors) -> Tensors:
        """Trains one iteration: `max_steps` ascents, then `min_steps` descents."""
        rounds = self._rounds(self.as_inputs(data))
        with self.running_means.written_once():
            if self.simultaneous:
                played = self.update([self.max_side, self.min_side], rounds[0])
            else:
                last = self.max_steps - 1
                for batch in rounds[:last]:  # D climbs V: fresh data each time
                    self.update([self.max_side], batch)
                played = self.alternate(rounds[last])
                for batch in rounds[last + 1 :]:  # G steps down V, mostly once
                    played = self.update([self.min_side], batch)
        self.iterations.assign_add(1)
        self.after_round(played)
        return self.means()

    def after_round(self, played: Any) -> None:
        """Updates what has no gradient, such as a moving average, after an iteration.

        Args:
            played: what the last `forward` returned.
        """

    def alternate(self, batch: Tensors) -> Any:
        """Updates the max side, then the min side, on the same data.

        Returns: what the last `forward` returned.
        """
        if not self.reuses_generated:
            self.update([self.max_side], batch)
            return self.update([self.min_side], batch)
        with self._watch([self.min_side]) as tape:
            generated = self.generate_batch(batch)
            with tape.stop_recording():
                self.update([self.max_side], batch, generated)
            played = self.forward(batch, generated)
            loss = self._loss(self.min_side, played)
        self._step([self.min_side], [loss], tape)
        return played

    def update(self, sides: Sequence[Side], batch: Tensors, *generated: Any) -> Any:
        """Updates each of `sides` by one step, all from one forward pass on `batch`.

        Args:
            sides: `max_side`, `min_side`, or both.
            batch: a round of data as the networks take them.
            generated: what `generate_batch` returned, if it was called already.

        Returns: what `forward` returned.
        """
        with self._watch(sides) as tape:
            played = self.forward(batch, *generated)
            losses = [self._loss(side, played) for side in sides]
        self._step(sides, losses, tape)
        return played

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
            # A replica's gradient is of its share of the loss.
            share = ops.cast(side.optimizer.scale_loss(1.0), "float32") / count()
            norm = tf.linalg.global_norm(gradient) / share
            self.track(f"{side.name}/gradient_norm", norm)
            side.optimizer.apply(gradient, side.weights)

    def _loss(self, side, played):
        told = side.terms(played).items()
        terms = {name: _per_example(name, term) for name, term in told}
        for name, term in terms.items():
            self.track(f"{side.name}/{name}", term)
        total = in_order([ops.mean(term) for term in terms.values()])
        self.track(f"{side.name}/loss", total)
        # Optimizers SUM gradients over replicas; this makes the sum a mean.
        return side.optimizer.scale_loss(total / count())

    @property
    def rounds(self) -> int:
        """How many rounds of data one iteration takes."""
        return self.max_steps + self.min_steps - 1

    @property
    def descents(self) -> int:
        """How many descents of the min side were made so far."""
        return int(ops.convert_to_numpy(self.iterations)) * self.min_steps

    def as_inputs(self, data: Tensor | Mapping[str, Any]) -> Tensors:
        """Returns a stored batch as the networks take it: name -> tensor."""
        data = data if isinstance(data, dict) else {"real": data}
        kinds = {name: field.kind for name, field in self.fields.items()}
        return {k: kinds[k].to_network(v) if k in kinds else v for k, v in data.items()}

    def _rounds(self, data):
        parts = {k: ops.split(v, self.rounds) for k, v in data.items()}
        return [{k: v[i] for k, v in parts.items()} for i in range(self.rounds)]

    def fresh_seed(self) -> Tensor:
        """Returns a seed for `kgan.randomness`, int32 (2,), new per call."""
        return tf.cast(self.seed_generator.next(), "int32")

    def controls(self) -> tuple[Control, ...]:
        """Returns the controls of `generate`: a tuple of `kgan.controls.Control`."""
        return ()

    def generate(self, n: int = 1, seed: int = 0, **controls: Any) -> np.ndarray:
        """Generates `n` samples as they are stored, such as uint8 images.

        Args:
            n: how many.
            seed: equal seeds give equal samples.
            controls: values of `controls()`, by name; one for all samples, or a sequence
                of one for each.

        Returns: a NumPy array (n, ...).

        Raises:
            UserError: no such control, a value out of range, or values for another
                number of samples.
            NotImplementedError: this game makes no samples.
        """
        values = checked(self.controls(), controls, n)
        return ops.convert_to_numpy(self.generate_checked(n, seed, **values))

    def generate_checked(
        self, n: int | Tensor, seed: int | Tensor, **controls: Any
    ) -> Tensor:
        """Generates as `generate` does, without checks; works inside a graph."""
        raise NotImplementedError(f"{type(self).__name__} makes no samples")

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns samples that show the game at a glance, as rows and columns.

        Args:
            data: held-out data as `as_inputs` returns them; {} without held-out data.
            seed: int32 (2,).

        Returns:
            {name of a field: samples as they are stored, (rows, columns, ...)}; {} for
            a game that has nothing to show.
        """
        return {}

    def read_codes(self, x: Tensor) -> Tensors:
        """Reads the values of controls back from data `x`, such as the code of InfoGAN.

        Returns: {name of a control: logits (n, options), or numbers (n, ...)}.
        """
        return {}

    @property
    def samplers(self) -> list[keras.Model]:
        """The networks that `generate` uses; [] for a game that makes no samples."""
        return []

    def diagnose(self, batch: Tensors, held_out: Tensors | None = None) -> Tensors:
        """Measures the game on `batch` without changing it, for the checks of health.

        Args:
            batch: a batch like that of one ascent.
            held_out: a batch of data that is not trained on; None for none.

        Returns:
            A dict name -> tensor: scalars, and "fake", the generated samples. A game
            that has nothing to measure returns {}.
        """
        return {}

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "max_steps": self.max_steps,
            "min_steps": self.min_steps,
            "simultaneous": self.simultaneous,
            "seed": self.first_seed,
        }


def _per_example(name, term):
    if not term.shape.rank:
        raise ValueError(
            f"Term {name!r} must be per example, shape (batch, ...); got a scalar"
        )
    return ops.cast(term, "float32")
