"""A GAN that draws from an image instead of from noise."""

import dataclasses
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.controls import Control, Input
from kgan.data.dataset import Field
from kgan.game import Game
from kgan.models.gan import GAN
from kgan.models.image_pool import ImagePool
from kgan.models.round import Round
from kgan.typing import Number, Seed, Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class Translator(GAN):
    """A GAN whose G translates data of one domain, the source, to the real data.

    Args:
        generator: maps {"source": (n, H, W, C)} to images (n, H, W, C'), both in
            [-1, 1].
        discriminator: maps images to scores, (n, h, w) for a patch discriminator.
        pool: the size of the `ImagePool` of earlier fakes that D sees; 0 is none.

    The other arguments are those of `GAN`. Batches have the keys "source" and "real";
    the rows of the two need not belong together.
    """

    reuses_generated = True  # G starts from the data, and D does not change it

    def __init__(self, *args: Any, pool: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.listener = self.counter = None
        if pool:
            self.image_pool = ImagePool(pool, self.generator.output_shape[1:])

    def join(self, game: Game, suffix: str) -> None:
        """Makes this a part of `game`, whose logs, iterations and seeds it then uses.

        Args:
            game: the whole game.
            suffix: is put after the names of what it tracks.
        """
        self.fresh_seed = game.fresh_seed
        self.simultaneous, self.min_steps = game.simultaneous, game.min_steps
        self.listener = lambda name, values: game.track(f"{name}{suffix}", values)
        self.counter = lambda: game.iterations.value

    def track(self, name: str, values: Number) -> None:
        (self.listener or super().track)(name, values)

    def iteration(self) -> Tensor:
        return self.counter() if self.counter else super().iteration()

    @property
    def source_field(self) -> Field:
        """The `Field` of the source: the run's, or else by the shape of G's input."""
        if "source" in self.fields:
            return self.fields["source"]
        return Field.by_shape(self.generator.input["source"].shape[1:])

    def controls(self) -> tuple[Control, ...]:
        return (Input("source", "what is translated", self.source_field),)

    def sample_latents(self, batch: Tensors) -> Tensors:
        return {"source": batch["source"]}

    def max_terms(self, played: Round) -> Tensors:
        if self.pool:
            # G keeps the answer to its own fakes; D learns from what the pool shows.
            shown = self.image_pool(played.fake, self.fresh_seed())
            played = dataclasses.replace(played, fake=shown)
        return super().max_terms(played)

    def translate(self, source: Tensor, training: bool = False) -> Tensor:
        """Translates `source`; both are data as networks take them, (n, ...)."""
        network = self.generator if training else self.sampler
        return ops.cast(network({"source": source}, training=training), "float32")

    def translated(self, stored: Tensor) -> Tensor:
        """Translates data as they are stored, such as uint8 images, (n, ...)."""
        made = self.translate(self.source_field.kind.to_network(stored))
        return self.real_field.kind.from_network(made)

    def generate_checked(
        self, n: int | Tensor, seed: int | Tensor, source: Tensor
    ) -> Tensor:
        """Translates `source`, data as they are stored; `n` and `seed` are not used."""
        return self.translated(source)

    def preview(self, data: Tensors, seed: Seed) -> Tensors:
        """Returns a row per held-out pair: source, translation, real data."""
        if not data:
            return {}
        source, real = data["source"], data["real"]
        return {"real": side_by_side(self, source, self.translate(source), real)}

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"pool": self.pool}


def side_by_side(game: GAN, *columns: Tensor) -> Tensor:
    """Returns columns of data as they are stored, (n, columns, ...).

    Args:
        game: knows the field of the data.
        columns: data as networks take them, (n, ...). Grey images are given three
            channels if any column is in colour.
    """
    shown: list[Any] = [tf.convert_to_tensor(column, tf.float32) for column in columns]
    if shown[0].shape.rank == 4:
        channels = max(column.shape[-1] for column in shown)
        shown = [tf.repeat(c, channels // c.shape[-1], -1) for c in shown]
    return game.real_field.kind.from_network(tf.stack(shown, 1))


def distance(a: Tensor, b: Tensor, kind: str = "l1") -> Tensor:
    """Returns |a - b|, or its square for "l2", of each number of two batches."""
    apart = ops.cast(a, "float32") - ops.cast(b, "float32")
    return ops.square(apart) if kind == "l2" else ops.abs(apart)
