"""The conditional GAN: both players know the label."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from kgan.models.gan import GAN, spec
from kgan.randomness import integers, split

MOST_ROWS = 20  # a grid with a row for each of CIFAR-100's classes shows nothing


@keras.saving.register_keras_serializable("kgan")
class CGAN(GAN):
    """V = E[log D(x|y)] + E[log(1 - D(G(z|y)|y))] (Mirza & Osindero 2014, Eq. 2).

    Args:
        classes: how many labels there are, 0..classes - 1.
        generator: maps {"z": (n, d), "label": (n,)} to data.
        discriminator: maps {"x": data, "label": (n / pack, pack)} to scores.

    Batches have the keys "real" and "label", int (n,).
    """

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.classes = classes

    def latents(self, n, seed, truncation=None):
        z_seed, label_seed = split(seed, 2)
        label = integers((n,), label_seed, self.classes)
        return super().latents(n, z_seed, truncation) | {"label": label}

    def draw(self, batch):
        return super().draw(batch) | {"label": batch["label"]}

    def discriminator_inputs(self, x, batch):
        return {"x": x, "label": ops.reshape(batch["label"], (-1, self.pack))}

    def preview_latents(self, seed):
        """A row per class; a column shares its z."""
        rows, columns = min(self.classes, MOST_ROWS), 10
        z = super().latents(columns, seed)["z"]
        label = np.repeat(np.arange(rows, dtype="int32"), columns)
        return {"z": tf.tile(z, (rows, 1)), "label": tf.constant(label)}, rows, columns

    def endpoints(self):
        def serving_default(z, label):
            return {"images": self.images({"z": z, "label": label})}

        def sample(n, seed):
            latent = self.latents(n, [0, seed])
            return {"images": self.images(latent), "label": latent["label"]}

        def sample_label(n, seed, label):
            latent = self.latents(n, [0, seed])
            latent["label"] = tf.fill((n,), label)
            return {"images": self.images(latent), "label": latent["label"]}

        inherited = super().endpoints()
        z, draw = inherited["serving_default"][1], inherited["sample"][1]
        label = spec((), "int32")
        return {
            "serving_default": (serving_default, z | {"label": spec((None,), "int32")}),
            "sample": (sample, draw),
            "sample_label": (sample_label, draw | {"label": label}),
        }

    def get_config(self):
        return super().get_config() | {"classes": self.classes}
