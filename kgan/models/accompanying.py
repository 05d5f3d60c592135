"""Games of music, whose G can add voices to given ones."""

from typing import Any

from keras import ops

from kgan.controls import Control, Input
from kgan.data.dataset import Field
from kgan.models.gan import GAN
from kgan.typing import Number, Seed, Tensor, Tensors


class Accompanying(GAN):
    """The base of games whose data are rolls, and whose G makes some voices or all.

    If the inputs of G hold a "source", the first voices, one-hot (n, T, given, P), then G
    makes the other voices only.
    """

    @property
    def given(self) -> int:
        """How many voices, from the highest on, are given to G."""
        source = self.generator.input.get("source")
        return 0 if source is None else source.shape[2]

    def controls(self) -> tuple[Control, ...]:
        if not self.given:
            return super().controls()
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

    def samples(self, latent: Tensors) -> Tensor:
        """Generates music as it is stored, uint8 (n, T, V), from latents."""
        made = self.sampler(latent, training=False)
        return self.real_field.kind.from_network(joined(latent, made))

    def accompanied(self, source: Tensor, seed: Seed) -> Tensor:
        """Returns given voices, one-hot (n, T, given, P), with others, as stored."""
        latent = self.latents(ops.shape(source)[0], seed)
        return self.samples(latent | {"source": source})

    def generate_checked(
        self,
        n: int | Tensor,
        seed: int | Tensor,
        source: Tensor | None = None,
        **controls: Number | None,
    ) -> Tensor:
        """Generates `n` samples, or as many as there are rolls of given voices."""
        if source is None:
            return super().generate_checked(n, seed, **controls)
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


def joined(latent: Tensors, made: Tensor) -> Tensor:
    """Returns what was made after the voices that were given, if any.

    Where both are shares or one-hot, so is what is returned; of logits, the most likely
    pitches are right: those of given voices are 1 for one pitch, and 0 for the others.
    """
    if "source" not in latent:
        return made
    return ops.concatenate([ops.cast(latent["source"], made.dtype), made], axis=2)
