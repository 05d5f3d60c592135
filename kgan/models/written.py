"""A GAN whose G draws symbol after symbol, and so knows how likely a sample is."""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.controls import Control, Range
from kgan.models.gan import GAN
from kgan.models.round import Round
from kgan.randomness import uniform
from kgan.schedules import Schedule
from kgan.typing import Number, Seed, Tensor, Tensors

TEMPERATURE = Range(
    "temperature",
    "divides the logits: below 1 likelier samples, above 1 more varied ones",
    1e-3,
    100.0,
)
FLAT = 1e-6  # a share of 0 has no logarithm


class Written(GAN):
    """The base of games whose G has one layer, "writer", that draws with Gumbel noise.

    The layer draws each symbol after those that it drew before, has a `temperature` of its
    gradient, and a method `log_likelihood`. G can then learn by maximum likelihood as well,
    -log p of each symbol of real data: alone in the first `warm_up` iterations, and with
    `likelihood_weight` after them. D learns from the first iteration on.

    Args:
        generator: {"z": Gumbel noise (n, ..., symbols), ...} -> one-hot symbols.
        discriminator: one-hot symbols -> scores (n,).
        temperature: of the gradient of Gumbel-softmax, a number or a `Schedule`.
        warm_up: iterations in which G learns by maximum likelihood alone.
        likelihood_weight: weight of that term after them.
        kwargs: as `GAN` takes them. There is no prior: the noise is Gumbel noise.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        temperature: float | Schedule = 1.0,
        warm_up: int = 0,
        likelihood_weight: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        self.temperature = temperature
        self.warm_up, self.likelihood_weight = warm_up, likelihood_weight
        self.writer = generator.get_layer("writer")
        scheduled = isinstance(temperature, Schedule)
        self.writer.temperature.assign(temperature(0) if scheduled else temperature)
        if self.learns_by_likelihood:
            self.tracked += ("G/likelihood",)

    @property
    def learns_by_likelihood(self) -> bool:
        """Whether real data teach G directly, at least for a while."""
        return bool(self.warm_up or self.likelihood_weight)

    def controls(self) -> tuple[Control, ...]:
        return (TEMPERATURE,)

    def latents(
        self, n: int | Tensor, seed: Seed, temperature: Number | None = None
    ) -> Tensors:
        share = uniform((n, *self.generator.input["z"].shape[1:]), seed)
        share = ops.clip(share, FLAT, 1.0 - FLAT)
        noise = -tf.math.log(-tf.math.log(share))
        return {"z": noise if temperature is None else noise * temperature}

    def adversarial_terms(self, played: Round) -> Tensors:
        """Returns G's terms but that of the likelihood, each (n, ...)."""
        return super().min_terms(played)

    def min_terms(self, played: Round) -> Tensors:
        terms = self.adversarial_terms(played)
        if not self.learns_by_likelihood:
            return terms
        begins = ops.cast(self.iteration() < self.warm_up, "float32")
        terms = {name: (1.0 - begins) * term for name, term in terms.items()}
        real = self.writer.log_likelihood(played.batch["real"])
        weight = begins + (1.0 - begins) * self.likelihood_weight
        return terms | {"likelihood": -weight * real}

    def log_likelihood(self, stored: Tensor, temperature: Number = 1.0) -> Tensor:
        """Returns log p of each symbol of data as they are stored, (n, ...).

        It is that of the network that draws samples: with `ema`, of the average of G.

        Args:
            stored: data, as `generate` returns them.
            temperature: with which they are drawn.
        """
        writer = self.sampler.get_layer("writer")
        return writer.log_likelihood(self.one_hot(stored), temperature)

    def one_hot(self, stored: Tensor) -> Tensor:
        """Returns data as they are stored as D sees them, one-hot."""
        return self.real_field.kind.to_network(stored)

    def after_round(self, played: Round) -> None:
        super().after_round(played)
        if isinstance(self.temperature, Schedule):
            self.writer.temperature.assign(self.temperature(self.iteration()))

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["prior"]
        return (
            config
            | keras.saving.serialize_keras_object({"temperature": self.temperature})
            | {"warm_up": self.warm_up, "likelihood_weight": self.likelihood_weight}
        )
