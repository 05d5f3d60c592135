"""The GAN of text: G writes lines symbol by symbol (Jang 2017, Yu 2017, Nie 2019)."""

from typing import Any

import keras
from keras import ops

from kgan.models.round import Round
from kgan.models.written import Written
from kgan.replicas import gathered
from kgan.typing import Tensor, Tensors

ESTIMATORS = ("gumbel", "score")


@keras.saving.register_keras_serializable("kgan")
class Text(Written):
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
        **kwargs: Any,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        if estimator not in ESTIMATORS:
            raise ValueError(f"estimator must be gumbel or score; got {estimator!r}")
        self.estimator = estimator
        if estimator == "score":
            self.tracked += ("G/policy",)

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent, fake = super().generate_batch(batch)
        return latent, ops.stop_gradient(fake) if self.estimator == "score" else fake

    def adversarial_terms(self, played: Round) -> Tensors:
        terms = super().adversarial_terms(played)
        if self.estimator == "score":
            return {"policy": self._policy(played, terms.pop("adversarial"))} | terms
        return terms

    def _policy(self, played, loss):
        """The score function's term of each symbol, (n, L)."""
        self.track("G/adversarial", loss)
        reward = ops.stop_gradient(-loss)
        every = gathered(reward)
        others = ops.maximum(ops.cast(ops.shape(every)[0], "float32") - 1.0, 1.0)
        ahead = reward - (ops.sum(every) - reward) / others
        return -ahead[:, None] * self.writer.log_likelihood(played.fake)

    def one_hot(self, stored: Tensor) -> Tensor:
        symbols = self.generator.input["z"].shape[-1]
        return ops.one_hot(stored, symbols, dtype="float32")

    def samples(self, latent: Tensors) -> Tensor:
        if "real" in self.fields:
            return super().samples(latent)
        return ops.cast(ops.argmax(self.sampler(latent, training=False), -1), "int32")

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"estimator": self.estimator}
