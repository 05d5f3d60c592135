"""MoCoGAN: clips whose content and motion are drawn apart."""

import keras

from kgan.models.gan import GAN
from kgan.randomness import normal, split
from kgan.typing import Number, Seed, Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class MoCoGAN(GAN):
    """The GAN of clips with one code of content and a code of motion for each frame.

    G draws a clip from z, which is the same in all of its frames, and from noise for each
    frame, through which a GRU goes (Tulyakov 2018, section 3). D scores the clip and its
    frames.

    Args:
        generator: maps {"z": (n, d), "motion": (n, T, m)} to clips (n, T, H, W, C).
        discriminator: maps clips to scores (n, ...), those of two networks next to each
            other.

    The other arguments are those of `GAN`.

    Example:
        from kgan.networks import mocogan

        shape = (4, 8, 8, 1)
        game = kgan.MoCoGAN(
            mocogan.generator(6, 2, shape, width=2),
            mocogan.discriminator(shape, width=2),
        )
        kind = kgan.data.kinds.Frames()
        game.fields = {"real": kgan.Field(shape, "uint8", kind)}
        same = game.variations(3, (0, 1))  # uint8 (3, 4, 8, 8, 1): one content
    """

    def latents(
        self, n: int | Tensor, seed: Seed, truncation: Number | None = None
    ) -> Tensors:
        content, motion = split(seed, 2)
        return super().latents(n, content, truncation) | {
            "motion": self.motion(n, motion)
        }

    def motion(self, n: int | Tensor, seed: Seed) -> Tensor:
        """Draws the noise of the frames of `n` clips, (n, T, m)."""
        _, frames, width = self.generator.input["motion"].shape
        return normal((n, frames, width), seed)

    def variations(self, n: int, seed: Seed, contents: int = 1) -> Tensor:
        """Returns clips as stored: `n` times one content, each with motions of its own.

        Args:
            n: clips of one content.
            seed: two integers; equal seeds give equal clips.
            contents: how many there are; clips of one follow each other.
        """
        latent = self.latents(n * contents, seed)
        first = latent["z"][::n]
        return self.samples(latent | {"z": keras.ops.repeat(first, n, axis=0)})
