"""The GAN of music: a pitch for each voice and step."""

from typing import Any

import keras
from keras import ops

from kgan.controls import TRUNCATION, Control, Input
from kgan.data.dataset import Field
from kgan.models.gan import GAN
from kgan.models.relaxation import gumbel, softmax
from kgan.models.round import Round
from kgan.typing import Number, Seed, Tensor, Tensors

RELAXATIONS = ("softmax", "gumbel")


@keras.saving.register_keras_serializable("kgan")
class MusicGAN(GAN):
    """The GAN whose G makes the logits of one pitch for each voice and step.

    D sees shares of pitches, which are one-hot in real music: the softmax of the logits
    (with WGAN-GP, Gulrajani 2017), or a straight-through Gumbel draw of them. Samples are
    the most likely pitches.

    Args:
        generator: maps {"z": (n, d)} to logits (n, T, V, P); or {"z", "source"}, with
            the first voices one-hot, to those of the other voices.
        discriminator: maps shares (n, T, V, P) to scores.
        relaxation: "softmax" or "gumbel".
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
        relaxation: str = "softmax",
        temperature: float = 1.0,
        likelihood_weight: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if relaxation not in RELAXATIONS:
            raise ValueError(f"relaxation is one of {', '.join(RELAXATIONS)}")
        self.relaxation, self.temperature = relaxation, temperature
        self.likelihood_weight = likelihood_weight
        if likelihood_weight:
            self.tracked += ("G/likelihood",)

    @property
    def given(self) -> int:
        """How many voices, from the highest on, are given to G."""
        source = self.generator.input.get("source")
        return 0 if source is None else source.shape[2]

    def controls(self) -> tuple[Control, ...]:
        if not self.given:
            return (TRUNCATION,)
        real = self.real_field
        kind: Any = real.kind
        shape = (real.shape[0], self.given)
        field = Field(shape, "uint8", kind.of_voices(slice(self.given)))
        told = "the voices to which the others are added"
        return (Input("source", told, field, endpoint="accompany"),)

    def sample_latents(self, batch: Tensors) -> Tensors:
        latent = super().sample_latents(batch)
        if not self.given:
            return latent
        return latent | {"source": batch["real"][:, :, : self.given]}

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent = self.sample_latents(batch)
        logits = self.generator(latent, training=True)
        if self.relaxation == "gumbel":
            shares = gumbel(logits, self.fresh_seed(), self.temperature)
        else:
            shares = softmax(logits, self.temperature)
        return latent, _joined(latent, shares)

    def min_terms(self, played: Round) -> Tensors:
        terms = super().min_terms(played)
        if not self.likelihood_weight:
            return terms
        real = ops.cast(played.batch["real"], "float32")[:, :, self.given :]
        share = ops.sum(real * played.fake[:, :, self.given :], axis=-1)
        return terms | {"likelihood": -self.likelihood_weight * ops.log(share + 1e-6)}

    def samples(self, latent: Tensors) -> Tensor:
        """Generates music as it is stored, uint8 (n, T, V), from latents."""
        logits = self.sampler(latent, training=False)
        return self.real_field.kind.from_network(_joined(latent, logits, 1e9))

    def accompanied(self, source: Tensor, seed: Seed) -> Tensor:
        """Returns given voices, one-hot (n, T, given, P), with others, as stored."""
        latent = self.latents(ops.shape(source)[0], seed)
        return self.samples(latent | {"source": source})

    def generate_checked(
        self,
        n: int | Tensor,
        seed: int | Tensor,
        source: Tensor | None = None,
        truncation: Number | None = None,
    ) -> Tensor:
        """Generates `n` samples, or as many as there are rolls of given voices."""
        if source is None:
            return super().generate_checked(n, seed, truncation=truncation)
        (control,) = self.controls()
        kind = control.field.kind  # pyright: ignore[reportAttributeAccessIssue]
        return self.accompanied(kind.to_network(source), (0, seed))

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns samples; or held-out music, and the same with other lower voices."""
        if not self.given:
            return super().preview(data, seed)
        if not data:
            return {}
        real = self.real_field.kind.from_network(data["real"])
        made = self.accompanied(data["real"][:, :, : self.given], seed)
        return {"real": ops.stack([real, made], axis=1)}

    def get_config(self) -> dict[str, Any]:
        names = ("relaxation", "temperature", "likelihood_weight")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _joined(latent, made, scale=1.0):
    """What was made, after the voices that were given, if any."""
    if "source" not in latent:
        return made
    source = scale * ops.cast(latent["source"], made.dtype)
    return ops.concatenate([source, made], axis=2)
