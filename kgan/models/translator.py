"""A GAN that draws from an image instead of from noise."""

import dataclasses

import keras
import tensorflow as tf
from keras import ops

from kgan.models.gan import GAN, spec, to_pixels
from kgan.models.image_pool import ImagePool


@keras.saving.register_keras_serializable("kgan")
class Translator(GAN):
    """G turns images of one domain, the source, into images of another, the real data.

    Args:
        generator: maps {"source": (n, H, W, C)} to images (n, H, W, C'), both in
            [-1, 1].
        discriminator: maps images to scores, (n, h, w) where it judges patches.
        pool: how many earlier fakes D is reminded of, see `History`; 0 is none.

    The other arguments are those of `GAN`. Batches have the keys "source" and
    "real"; the rows of the two need not belong together.
    """

    reuses_generated = (
        True  # G draws from the data, and D does not change what it draws
    )

    def __init__(self, *args, pool=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.listener = None
        if pool:
            self.image_pool = ImagePool(pool, self.generator.output_shape[1:])

    def play_inside(self, game, suffix):
        """Makes this a part of `game`, which tracks, draws seeds and moves for it."""
        self.fresh_seed = game.fresh_seed
        self.simultaneous = game.simultaneous
        self.listener = lambda name, values: game.track(f"{name}{suffix}", values)

    def track(self, name, values):
        (self.listener or super().track)(name, values)

    def draw(self, batch):
        return {"source": batch["source"]}

    def max_terms(self, played):
        if self.pool:
            # G keeps the answer to its own fakes; D learns from what the pool shows.
            shown = self.image_pool(played.fake, self.fresh_seed())
            played = dataclasses.replace(played, fake=shown)
        return super().max_terms(played)

    def translate(self, source, training=False):
        """Images in [-1, 1], float32, for such images of the source domain."""
        network = self.generator if training else self.sampler
        return ops.cast(network({"source": source}, training=training), "float32")

    def images(self, latent):
        return to_pixels(self.translate(latent["source"]))

    def preview_latents(self, seed, source, real):
        """A row per held-out image, its translation and what it should be.

        Args: uint8 images that nothing is learnt from, (n, H, W, C) each.
        """
        held = {"source": to_numbers(source), "real": to_numbers(real)}
        return held, len(source), 3

    def preview_images(self, latent):
        source = latent["source"]
        return side_by_side(source, self.translate(source), latent["real"])

    def endpoints(self):
        source = self.generator.input["source"].shape[1:]

        def serving_default(images):
            return {"images": self.images({"source": to_numbers(images)})}

        return {
            "serving_default": (
                serving_default,
                {"images": spec((None, *source), "uint8")},
            )
        }

    def get_config(self):
        return super().get_config() | {"pool": self.pool}


def to_numbers(pixels):
    """uint8 0..255 to float32 [-1, 1]: the inverse of `to_pixels`."""
    return ops.cast(pixels, "float32") / 127.5 - 1.0


def side_by_side(*columns):
    """Images in [-1, 1], (n, H, W, 1 or 3) each, as uint8 pictures row by row.

    Returns: (n * columns, H, W, C), in colour where any column is.
    """
    channels = max(column.shape[-1] for column in columns)
    alike = [tf.repeat(c, channels // c.shape[-1], -1) for c in columns]
    rows = tf.stack([to_pixels(column) for column in alike], 1)
    return tf.reshape(rows, (-1, *rows.shape[2:]))


def distance(a, b, kind="l1"):
    """|a - b|, or its square for "l2", of every number of two batches, float32."""
    apart = ops.cast(a, "float32") - ops.cast(b, "float32")
    return ops.square(apart) if kind == "l2" else ops.abs(apart)
