"""The GAN of text: G writes lines symbol by symbol (Jang 2017, Yu 2017, Nie 2019)."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.controls import Control, Range
from kgan.models.gan import GAN
from kgan.models.round import Round
from kgan.randomness import uniform
from kgan.replicas import gathered
from kgan.schedules import Schedule
from kgan.typing import Number, Seed, Tensor, Tensors

ESTIMATORS = ("gumbel", "score")
TEMPERATURE = Range(
    "temperature",
    "divides the logits: below 1 likelier lines, above 1 more varied ones",
    1e-3,
    100.0,
)
FLAT = 1e-6  # a share of 0 has no logarithm


@keras.saving.register_keras_serializable("kgan")
class Text(GAN):
    """The GAN whose G draws each symbol of a line after those that it drew before.

    A symbol has no gradient. There are two estimators of one:

    - "gumbel": the straight-through gradient of Gumbel-softmax (Jang 2017);
    - "score": the score function, -(r - b) log p of each symbol drawn, where r is the
      negative of G's loss for the line, and the baseline b the mean of the other lines'
      (Williams 1992; SeqGAN, Yu 2017, Eq. 6 without rollouts).

    G can also learn by maximum likelihood, -log p of each symbol of real lines: alone in
    the first `warm_up` iterations, and with `likelihood_weight` after them. D learns
    from the first iteration on.

    Args:
        generator: of `kgan.networks.text.writer`: {"z": Gumbel noise (n, L, V)} -> rows
            of 0 and one 1, (n, L, V).
        discriminator: (n, L, V) -> scores (n,).
        estimator: "gumbel" or "score".
        temperature: of the gradient of Gumbel-softmax, a number or a `Schedule`.
        warm_up: iterations in which G learns by maximum likelihood alone.
        likelihood_weight: weight of that term after them.
        kwargs: as `GAN` takes them. There is no prior: the noise is Gumbel noise.

    Example:
        from kgan.networks import text

        game = kgan.Text(text.writer(5, 8, width=8), text.discriminator(5, 8, width=8))
        game.compile(max_optimizer="adam", min_optimizer="adam")
        game.log_likelihood(game.generate(4, seed=0))  # (4, 5)
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        estimator: str = "gumbel",
        temperature: float | Schedule = 1.0,
        warm_up: int = 0,
        likelihood_weight: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        if estimator not in ESTIMATORS:
            raise ValueError(f"estimator must be gumbel or score; got {estimator!r}")
        self.estimator, self.temperature = estimator, temperature
        self.warm_up, self.likelihood_weight = warm_up, likelihood_weight
        self.writer = generator.get_layer("writer")
        scheduled = isinstance(temperature, Schedule)
        self.writer.temperature.assign(temperature(0) if scheduled else temperature)
        if self.estimator == "score":
            self.tracked += ("G/policy",)
        if self.learns_by_likelihood:
            self.tracked += ("G/likelihood",)

    @property
    def learns_by_likelihood(self) -> bool:
        """Whether real lines teach G directly, at least for a while."""
        return bool(self.warm_up or self.likelihood_weight)

    def controls(self) -> tuple[Control, ...]:
        return (TEMPERATURE,)

    def latents(
        self, n: int | Tensor, seed: Seed, temperature: Number | None = None
    ) -> Tensors:
        _, length, symbols = self.generator.input["z"].shape
        share = uniform((n, length, symbols), seed)
        share = ops.clip(share, FLAT, 1.0 - FLAT)
        noise = -tf.math.log(-tf.math.log(share))
        return {"z": noise if temperature is None else noise * temperature}

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent, fake = super().generate_batch(batch)
        return latent, ops.stop_gradient(fake) if self.estimator == "score" else fake

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        if self.estimator == "score":
            terms = {"policy": self._policy(played, terms.pop("adversarial"))} | terms
        if not self.learns_by_likelihood:
            return terms
        begins = ops.cast(self.iteration() < self.warm_up, "float32")
        terms = {name: (1.0 - begins) * term for name, term in terms.items()}
        real = self.writer.log_likelihood(played.batch["real"])
        weight = begins + (1.0 - begins) * self.likelihood_weight
        return terms | {"likelihood": -weight * real}

    def _policy(self, played, loss):
        """The score function's term of each symbol, (n, L)."""
        self.track("G/adversarial", loss)
        reward = ops.stop_gradient(-loss)
        every = gathered(reward)
        others = ops.maximum(ops.cast(ops.shape(every)[0], "float32") - 1.0, 1.0)
        ahead = reward - (ops.sum(every) - reward) / others
        return -ahead[:, None] * self.writer.log_likelihood(played.fake)

    def log_likelihood(self, stored: Tensor, temperature: Number = 1.0) -> Tensor:
        """Returns log p of each symbol of lines as they are stored, (n, L).

        It is that of the network that draws samples: with `ema`, of the average of G.

        Args:
            stored: the numbers of symbols, (n, L).
            temperature: with which lines are drawn.
        """
        symbols = self.generator.input["z"].shape[-1]
        lines = ops.one_hot(stored, symbols, dtype="float32")
        return self.sampler.get_layer("writer").log_likelihood(lines, temperature)

    def samples(self, latent: Tensors) -> Tensor:
        if "real" in self.fields:
            return super().samples(latent)
        return ops.cast(ops.argmax(self.sampler(latent, training=False), -1), "int32")

    def after_round(self, played: Round) -> None:
        super().after_round(played)
        if isinstance(self.temperature, Schedule):
            self.writer.temperature.assign(self.temperature(self.iteration()))

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["prior"]
        names = ("estimator", "warm_up", "likelihood_weight")
        return (
            config
            | keras.saving.serialize_keras_object({"temperature": self.temperature})
            | {name: getattr(self, name) for name in names}
        )
