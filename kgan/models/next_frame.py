"""The game that predicts the frames of a clip from those before them."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from kgan.controls import Control, Input
from kgan.data.dataset import Field
from kgan.data.kinds import Frames
from kgan.models.pix2pix import Pix2Pix
from kgan.typing import Seed, Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class NextFrame(Pix2Pix):
    """Pix2pix from frames to the next one, which goes on from its own (Mathieu 2015).

    G maps `context` frames, stacked as channels, to the frame after them. Each further
    frame is predicted from those before it, of which the last are G's own. D scores the
    given frames together with all that follow. A frame is an image, or a row of C numbers
    such as a pose; then (H, W) is left out below.

    Args:
        generator: maps {"source": (n, H, W, context * C)} to frames (n, H, W, C).
        discriminator: maps (n, H, W, (context + rollout) * C) to scores.
        rollout: frames that G predicts from its own in training, at least 1.

    The other arguments are those of `Pix2Pix`. Batches have the key "real": clips
    (n, T, H, W, C) with T >= context + rollout.

    Example:
        from kgan.networks import patch, unet

        game = kgan.NextFrame(
            unet.generator((8, 8, 4), 1, width=2),
            patch.discriminator((8, 8, 5), depth=1, width=2),
        )
        seen = np.zeros((3, 4, 8, 8, 1), "uint8")
        coming = game.predict_frames(seen, 10)  # uint8 (3, 10, 8, 8, 1)
    """

    def __init__(self, *args: Any, rollout: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rollout = rollout

    @property
    def channels(self) -> int:
        """The channels of a frame."""
        return self.generator.output_shape[-1]

    @property
    def real_field(self) -> Field:
        """The `Field` of the frames that `generate` returns."""
        return self._field(1, self.generator.output_shape[1:])

    def _field(self, frames, shape):
        """The field of so many frames, each of a shape: images if no run says more."""
        known = self.fields.get("real", Field((), "uint8", Frames()))
        return Field((frames, *shape), known.dtype, known.kind)

    @property
    def source_field(self) -> Field:
        """The `Field` of the frames that G sees."""
        *size, wide = self.generator.input["source"].shape[1:]
        return self._field(wide // self.channels, (*size, self.channels))

    def controls(self) -> tuple[Control, ...]:
        told = "the frames before the one that is predicted"
        return (Input("source", told, self.source_field, endpoint="predict"),)

    def as_inputs(self, data: Tensor | Mapping[str, Any]) -> Tensors:
        """Returns clips as (source, real): frames stacked, and those that follow them.

        "future" are all frames of the clip that follow; "real" the `rollout` first.
        """
        found = super().as_inputs(data)
        if "source" in found:  # they are parted already
            return found
        clips: Any = found["real"]
        seen = self.source_field.shape[0]
        future: Any = stacked(clips[:, seen:])
        wanted = future[..., : self.rollout * self.channels]
        return {"source": stacked(clips[:, :seen]), "real": wanted, "future": future}

    def generate_batch(self, batch: Tensors) -> tuple[Tensors, Tensor]:
        latent = self.sample_latents(batch)
        return latent, self._rolled(
            latent["source"], self.rollout, self.generator, True
        )

    def _rolled(self, source, count, network, training=False):
        """The `count` next frames, (n, H, W, count * C)."""
        seen, made = source, []
        for _ in range(count):
            frame = network({"source": seen}, training=training)
            made.append(ops.cast(frame, "float32"))
            rest = ops.cast(seen[..., self.channels :], "float32")
            seen = ops.concatenate([rest, made[-1]], axis=-1)
        return ops.concatenate(made, axis=-1)

    def predict_frames(self, stored: Any, count: int) -> Tensor:
        """Predicts `count` frames, uint8 (n, count, H, W, C), one after the other.

        Args:
            stored: the frames before them, uint8 (n, T, H, W, C), T >= context; the
                last are used.
            count: at least 1.
        """
        seen, kind = self.source_field.shape[0], self.source_field.kind
        source = stacked(kind.to_network(stored[:, -seen:]))
        made = self._rolled(source, count, self.sampler)
        return kind.from_network(unstacked(made, self.channels))

    def generate_checked(
        self, n: int | Tensor, seed: int | Tensor, source: Tensor
    ) -> Tensor:
        """Predicts one frame after `source`; `n` and `seed` are not used."""
        return self.predict_frames(source, 1)

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns a row per held-out clip: the clip itself, and how G goes on."""
        if "future" not in data:
            return {}
        seen: Any = data["source"]
        future: Any = data["future"]
        count = future.shape[-1] // self.channels
        made = self._rolled(seen, count, self.sampler)
        both = [ops.concatenate([seen, after], axis=-1) for after in (future, made)]
        clips = unstacked(ops.stack(both, axis=1), self.channels, axis=2)
        return {"real": self.source_field.kind.from_network(clips)}

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"rollout": self.rollout}


def stacked(clips: Tensor) -> Tensor:
    """Returns clips (n, T, ..., C) with their frames as channels, (n, ..., T * C)."""
    shape: Any = clips.shape
    _, frames, *size, channels = shape
    return ops.reshape(ops.moveaxis(clips, 1, -2), (-1, *size, frames * channels))


def unstacked(frames: Tensor, channels: int, axis: int = 1) -> Tensor:
    """Returns stacked frames (n, ..., T * C) as clips, with T as the axis `axis`."""
    shape: Any = frames.shape
    *outer, wide = shape
    outer = [-1 if side is None else side for side in outer]
    parts = ops.reshape(frames, (*outer, wide // channels, channels))
    return ops.moveaxis(parts, -2, axis)
