"""Where generated images come from, a batch at a time."""

import numpy as np
import tensorflow as tf

from kgan.applications.sampling import AT_ONCE
from kgan.errors import UserError
from kgan.models.gan import to_pixels


class GameSource:
    """Images of a trained game, with what they were drawn from.

    Attributes:
        shape: of an image, (H, W, C).
    """

    def __init__(self, game):
        self.game, self.shape = game, game.sampler.output_shape[1:]

    def batches(self, n, seed):
        """Yields (uint8 images (m, H, W, C), latent) until there are `n` images.

        Latents are those of `game.latents(n, (0, seed))`, cut into parts.
        """
        latent = self.game.latents(n, (0, seed))
        for start in range(0, n, AT_ONCE):
            part = {k: v[start : start + AT_ONCE] for k, v in latent.items()}
            yield self.game.images(part).numpy(), part


class SavedModelSource:
    """Images of an exported generator: kgan's, or any that maps z to images.

    kgan's has an endpoint `sample`. Of another one the serving signature must take
    one float tensor (n, d), which is fed N(0, I), and return one of images; floats
    in [-1, 1] or [0, 1] become uint8.

    A SavedModel is a program: loading it runs it.

    Args:
        path: its folder.
        say: told how floats were read.

    Raises:
        UserError: there is no SavedModel, or none that draws images from z.
    """

    def __init__(self, path, log=print):
        self.path, self.log, self._scale = path, log, None
        try:
            self._model = tf.saved_model.load(str(path))
        except (OSError, ValueError, tf.errors.OpError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(
                f"--saved_model={path}: no SavedModel ({reason})"
            ) from error
        self._own = hasattr(self._model, "sample")
        signature = self._model.signatures.get("serving_default")
        if not self._own:
            self._signature = signature
            self._input = self._single_input(signature)
        images, _ = next(self.batches(2, 0))
        self.shape = images.shape[1:]

    def _single_input(self, signature):
        given = signature.structured_input_signature[1] if signature else {}
        specs = list(given.items())
        if len(specs) != 1 or specs[0][1].shape.rank != 2 or not specs[0][1].shape[1]:
            raise UserError(
                f"--saved_model={self.path}: its serving signature must take one "
                "tensor z of shape (n, d)"
            )
        return specs[0][0], specs[0][1]

    def batches(self, n, seed):
        """Yields (uint8 images, {}) until there are `n`; equal seeds, equal images."""
        for index, start in enumerate(range(0, n, AT_ONCE)):
            count = min(AT_ONCE, n - start)
            yield self._images(self._drawn(count, seed, index)), {}

    def _drawn(self, count, seed, index):
        key = np.random.SeedSequence([seed, index]).generate_state(1)[0]
        if self._own:
            number = tf.constant(int(key) % 2**31, tf.int32)
            return self._model.sample(n=tf.constant(count), seed=number)["images"]
        name, spec = self._input
        z = np.random.default_rng(key).normal(size=(count, spec.shape[1]))
        (images,) = self._signature(**{name: tf.constant(z, spec.dtype)}).values()
        return images

    def _images(self, drawn):
        images = np.asarray(drawn)
        if images.ndim != 4 or images.shape[-1] not in (1, 3):
            raise UserError(
                f"--saved_model={self.path}: draws shape {images.shape}, not images "
                "(n, H, W, 1 or 3)"
            )
        if images.dtype == np.uint8:
            return images
        if self._scale is None:
            self._scale = "[-1, 1]" if images.min() < -0.01 else "[0, 1]"
            self.log(f"{self.path}: its pixels are read as {self._scale}")
        images = images if self._scale == "[-1, 1]" else 2.0 * images - 1.0
        return to_pixels(images).numpy()
