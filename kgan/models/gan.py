"""The GAN of Goodfellow 2014, the base class of the other variants."""

from collections.abc import Iterable
from typing import Any

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from kgan.augmentations import Augmentation
from kgan.controls import TRUNCATION, Control
from kgan.data.dataset import Field
from kgan.game import Game
from kgan.keras_private import layers_within
from kgan.models.diagnostics import diagnose
from kgan.models.moving_average import follow, share_of
from kgan.models.penalised import penalise, shares_slopes
from kgan.models.round import Round
from kgan.models.tracked import DRAWN, SLICED, tracked_by
from kgan.objectives import NonSaturating, Objective
from kgan.penalties import Penalty
from kgan.priors import Normal, Prior
from kgan.randomness import fold_in
from kgan.typing import Number, Seed, Tensor, Tensors


class ClipWeights(keras.constraints.Constraint):
    """Keeps every weight in [-bound, bound] (Arjovsky 2017, Algorithm 1)."""

    def __init__(self, bound: float) -> None:
        self.bound = bound

    def __call__(self, weight: Tensor) -> Tensor:
        return ops.clip(weight, -self.bound, self.bound)


@keras.saving.register_keras_serializable("kgan")
class GAN(Game):
    """The game in which G makes data from z ~ p(z), and D tells them from real data.

    Variants override what they change: `latents` (the inputs of G), `sample_latents`
    (the inputs of G in training), `discriminator_inputs`, `max_terms`, `min_terms`,
    `preview_latents` (the inputs of G for a preview), `controls`.

    Args:
        generator: maps {"z": (n, d)} to data (n, ...); images in [-1, 1].
        discriminator: maps data, packed, to scores (n / pack, ...), or to a dict with
            the key "score"; "direction" is what `kgan.networks.slicing` adds, and
            "reconstruction" what `kgan.networks.fastgan` does.
        objective: a `kgan.objectives.Objective`; non-saturating by default.
        penalties: of `kgan.penalties`, added to D's loss.
        generator_penalties: functions of a `Round`, each with a `name`, that return one
            value per example, (n,); added to G's loss.
        augmentations: of `kgan.augmentations`, for all that D sees.
        prior: p(z), of `kgan.priors`; N(0, I) by default.
        pack: how many examples D scores together (PacGAN, Lin 2018). Must divide the
            size of a round.
        clip_weights: bound for all of D's weights after each ascent; 0 is none.
        ema: decay of the exponential moving average of G's weights and batch-norm
            statistics, a number or a schedule such as `kgan.schedules.HalfLife`;
            samples are then drawn from it. 0 keeps none.

    Example:
        game = GAN(mlp.generator(100, (28, 28, 1)), mlp.discriminator((28, 28, 1)))
        game.compile(max_optimizer="adam", min_optimizer="adam")
        game.fit(batches)
        images = game.generate(16, seed=1)  # uint8
    """

    sides = ("D", "G")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        objective: Objective | None = None,
        penalties: Iterable[Penalty] = (),
        generator_penalties: Iterable[Any] = (),
        augmentations: Iterable[Augmentation] = (),
        prior: Prior | None = None,
        pack: int = 1,
        clip_weights: float = 0.0,
        ema: float | LearningRateSchedule = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.objective = objective or NonSaturating()
        self.penalties = list(penalties)
        for penalty in self.penalties:
            penalty.check(discriminator)
        self.generator_penalties = list(generator_penalties)
        self.augmentations = list(augmentations)
        for augmentation in self.augmentations:
            augmentation.check(self.objective)
            augmentation.pack = pack
        self.prior = prior or Normal()
        self.pack, self.clip_weights, self.ema = pack, clip_weights, ema
        if clip_weights:
            for weight in discriminator.trainable_variables:
                weight.constraint = ClipWeights(clip_weights)
        if ema:
            self.ema_generator = keras.models.clone_model(generator)
            self.ema_generator.set_weights(generator.get_weights())
            self.ema_generator.trainable = False
        self.equilibrium = {self.objective.readings[-1]: self.objective.equilibrium}
        self.tracked = tracked_by(self)

    @property
    def scores_independently(self) -> bool:
        """Whether D's answer to an example does not depend on the rest of its batch."""
        return not any(
            isinstance(layer, keras.layers.BatchNormalization)
            for layer in layers_within(self.discriminator)
        )

    @property
    def real_field(self) -> Field:
        """The `Field` of generated data: the run's, or by the shape of G's output."""
        if "real" in self.fields:
            return self.fields["real"]
        return Field.by_shape(self.generator.output_shape[1:])

    def max_players(self) -> list[keras.Model]:
        return [self.discriminator]

    def min_players(self) -> list[keras.Model]:
        return [self.generator]

    def controls(self) -> tuple[Control, ...]:
        return (TRUNCATION,)

    def latents(
        self, n: int | Tensor, seed: Seed, truncation: Number | None = None
    ) -> Tensors:
        """Draws the inputs of G for `n` samples: a dict of tensors.

        Args:
            n: how many.
            seed: two integers; equal seeds give equal latents.
            truncation: as the prior takes it. Variants add the values of their other
                controls.
        """
        width = self.generator.input["z"].shape[-1]
        return {"z": self.prior((n, width), seed, truncation)}

    def sample_latents(self, batch: Tensors) -> Tensors:
        """Draws the inputs of G in training, for a round on `batch`."""
        return self.latents(ops.shape(batch["real"])[0], self.fresh_seed())

    def discriminator_inputs(self, x: Tensor, batch: Tensors) -> Tensor | Tensors:
        """Returns the inputs of D for packed data `x`, (n / pack, ...), of `batch`."""
        return x

    def discriminate(
        self, x: Tensor, batch: Tensors, seed: Seed | None = None
    ) -> Tensors:
        """Returns D's outputs for packed data: float32 tensors by name, with a "score".

        Args:
            x: packed data.
            batch: that they belong to.
            seed: of the augmentations, int32 (2,); None draws one.
        """
        for number, augmentation in enumerate(self.augmentations):
            own = self.fresh_seed() if seed is None else fold_in(seed, number)
            x = augmentation(x, self.iteration(), own)
        answer = self.discriminator(self.discriminator_inputs(x, batch), training=True)
        answer = answer if isinstance(answer, dict) else {"score": answer}
        return {name: ops.cast(value, "float32") for name, value in answer.items()}

    def iteration(self) -> Tensor:
        """Returns the iteration counter, a scalar; that of the whole game for a part."""
        return self.iterations.value

    def packed(self, x: Tensor) -> Tensor:
        """Packs data (n, ..., c) to (n / pack, ..., pack * c), joined as channels."""
        if self.pack == 1:
            return x
        shape: list[Any] = list(x.shape[1:])
        x = ops.reshape(x, [-1, self.pack, *shape])
        x = ops.moveaxis(x, 1, -2)
        return ops.reshape(x, [-1, *shape[:-1], self.pack * shape[-1]])

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        """Returns the inputs of G for a round on `batch`, and what G makes of them."""
        latent = self.sample_latents(batch)
        return latent, self.generator(latent, training=True)

    def forward(
        self, batch: Tensors, generated: tuple[Tensors, Tensor] | None = None
    ) -> Round:
        """Plays a round on `batch`; returns a `Round`."""
        latent, fake = generated or self.generate_batch(batch)

        def score(x: Tensor, of: Tensors) -> Tensors:
            return self.discriminate(self.packed(x), of)

        return Round(batch, latent, fake, score, self.pack)

    def max_terms(self, played: Round) -> Tensors:
        if self.scores_independently and not self.simultaneous:
            played.score_together(slopes=shares_slopes(self.penalties))
        real, fake = played.real_answer["score"], played.answer["score"]
        accuracy = self.objective.accuracy(real, fake)
        told = self.objective.diagnostics(real, fake) | accuracy
        for name, values in told.items():
            self.track(name, values)
        for augmentation in self.augmentations:
            augmentation.observe(accuracy)
        terms = {"adversarial": self.objective.discriminator(real, fake)}
        if SLICED in played.answer:
            terms[SLICED] = played.answer[SLICED] - played.real_answer[SLICED]
        if DRAWN in played.real_answer:
            terms[DRAWN] = played.real_answer[DRAWN]
        for penalty in self.penalties:
            terms[penalty.name] = penalise(self, penalty, played)
        return terms

    def min_terms(self, played: Round) -> Tensors:
        real = played.real_answer["score"] if self.objective.relative else None
        terms = {"adversarial": self.objective.generator(real, played.answer["score"])}
        return terms | {one.name: one(played) for one in self.generator_penalties}

    def after_round(self, played: Round) -> None:
        for augmentation in self.augmentations:
            augmentation.update(played)
            for name, value in augmentation.readings().items():
                self.track(name, value)
        if self.ema:
            share = share_of(self.ema, self.iteration(), self.min_steps)
            follow(self.ema_generator, self.generator, share)

    @property
    def sampler(self) -> keras.Model:
        """The network that samples are drawn from: the average of G if there is one."""
        return self.ema_generator if self.ema else self.generator

    @property
    def samplers(self) -> list[keras.Model]:
        return [self.sampler]

    def call(self, latent: Tensors, training: bool = False) -> Tensor:
        return self.sampler(latent, training=training)

    def samples(self, latent: Tensors) -> Tensor:
        """Generates samples as they are stored, such as uint8 images, from latents."""
        made = self.sampler(latent, training=False)
        return self.real_field.kind.from_network(made)

    def nearest_latents(self, latent: Tensors) -> Tensors:
        """Returns the inputs of G nearest to `latent` among those that are often drawn.

        A search for the latents of a picture stays in them.
        """
        return latent | {"z": self.prior.nearest(latent["z"])}

    def control_values(self, latent: Tensors) -> Tensors:
        """Returns the values of the controls that `latent` holds: name -> (n, ...)."""
        return {}

    def generate_checked(
        self, n: int | Tensor, seed: int | Tensor, **controls: Any
    ) -> Tensor:
        return self.samples(self.latents(n, (0, seed), **controls))

    @property
    def noise_width(self) -> int:
        """How many numbers of z, its first ones, are drawn from the prior."""
        return self.generator.input["z"].shape[-1]

    def preview_latents(self, seed: Seed) -> tuple[Tensors, int, int]:
        """Returns latents for a preview, and its numbers of rows and columns."""
        rows, columns = self.real_field.kind.grid
        return self.latents(rows * columns, seed), rows, columns

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        latent, rows, columns = self.preview_latents(seed)
        made = self.samples(latent)
        return {"real": ops.reshape(made, (rows, columns, *made.shape[1:]))}

    def diagnose(self, batch: Tensors, held_out: Tensors | None = None) -> Tensors:
        return diagnose(self, batch, held_out)

    def get_config(self) -> dict[str, Any]:
        names = ("generator", "discriminator", "objective", "penalties")
        names += ("generator_penalties", "augmentations", "prior", "ema")
        parts = {name: getattr(self, name) for name in names}
        names = ("pack", "clip_weights")
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(parts)
            | {name: getattr(self, name) for name in names}
        )
