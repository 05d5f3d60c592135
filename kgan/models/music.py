"""The GANs of music: a pitch for each voice and step."""

from typing import Any

import keras
from keras import ops

from kgan.models.accompanying import Accompanying, joined
from kgan.models.round import Round
from kgan.models.written import Written
from kgan.typing import Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class WrittenMusic(Accompanying, Written):
    """The GAN whose G draws each pitch after those that it drew before.

    The gradient of a draw is the straight-through one of Gumbel-softmax (Jang 2017). G can
    also learn by maximum likelihood, -log p of each pitch of real music: alone in the
    first `warm_up` iterations, and with `likelihood_weight` after them. D learns from the
    first iteration on.

    Args:
        generator: of `kgan.networks.rolls.writer`: {"z": Gumbel noise (n, T, V, P)} ->
            one-hot pitches; or {"z", "source"}, with the first voices one-hot, to those
            of the other voices.
        discriminator: maps one-hot pitches (n, T, V, P) to scores.
        temperature: of the gradient of Gumbel-softmax, a number or a `Schedule`.
        warm_up: iterations in which G learns by maximum likelihood alone.
        likelihood_weight: weight of that term after them.
        kwargs: as `GAN` takes them. There is no prior: the noise is Gumbel noise.

    Example:
        from kgan.networks import rolls

        shape = (16, 2, 13)  # steps, voices, and silence or one of 12 pitches
        game = kgan.WrittenMusic(
            rolls.writer(shape, width=4), rolls.discriminator(shape, width=4)
        )
        game.fields = {
            "real": kgan.Field(shape[:2], "uint8", kgan.data.kinds.Roll((60, 48), 12))
        }
        pieces = game.generate(3)  # uint8 (3, 16, 2): MIDI pitches
        game.log_likelihood(pieces)  # (3, 16, 2)
    """

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent, made = super().generate_batch(batch)
        return latent, joined(latent, made)


@keras.saving.register_keras_serializable("kgan")
class MusicGAN(Accompanying):
    """The GAN whose G makes the logits of one pitch for each voice and step at once.

    D sees shares of pitches, which are one-hot in real music: the softmax of the logits,
    with WGAN-GP (Gulrajani 2017). Samples are the most likely pitches.

    Args:
        generator: maps {"z": (n, d)} to logits (n, T, V, P); or {"z", "source"}, with
            the first voices one-hot, to those of the other voices.
        discriminator: maps shares (n, T, V, P) to scores.
        temperature: by which logits are divided, > 0.
        likelihood_weight: with given voices, the weight of -log of the share of the
            pitch that the other voices have in the music that the given ones are from.

    The other arguments are those of `GAN`.

    Example:
        from kgan.networks import rolls

        shape = (16, 2, 13)  # steps, voices, and silence or one of 12 pitches
        game = kgan.MusicGAN(
            rolls.generator(8, shape, width=4), rolls.discriminator(shape, width=4)
        )
        game.fields = {
            "real": kgan.Field(shape[:2], "uint8", kgan.data.kinds.Roll((60, 48), 12))
        }
        pieces = game.generate(3)  # uint8 (3, 16, 2): MIDI pitches
    """

    def __init__(
        self,
        *args: Any,
        temperature: float = 1.0,
        likelihood_weight: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.temperature, self.likelihood_weight = temperature, likelihood_weight
        if likelihood_weight:
            self.tracked += ("G/likelihood",)

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent, logits = super().generate_batch(batch)
        logits = ops.cast(logits, "float32")
        return latent, joined(latent, ops.softmax(logits / self.temperature))

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        if not self.likelihood_weight:
            return terms
        real = ops.cast(played.batch["real"], "float32")[:, :, self.given :]
        share = ops.sum(real * played.fake[:, :, self.given :], axis=-1)
        return terms | {"likelihood": -self.likelihood_weight * ops.log(share + 1e-6)}

    def get_config(self) -> dict[str, Any]:
        names = ("temperature", "likelihood_weight")
        return super().get_config() | {name: getattr(self, name) for name in names}
