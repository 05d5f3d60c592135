"""Sources of generated images, in batches: a trained game, or a SavedModel."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.data.kinds import Image
from kgan.errors import UserError
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.game import Game


class Source(Protocol):
    """Samples in batches, of a game or of an export.

    Attributes:
        shape: of a sample, such as (H, W, C).
        classes: the names of the labels that it can be asked for, () for none.
    """

    shape: tuple[int, ...]
    classes: tuple[str, ...]

    def batches(self, n: int, seed: int) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples (m, ...), what they were drawn from) until there are `n`."""
        ...


class GameSource:
    """Samples of a trained game, with what they were drawn from.

    Attributes:
        shape: of a sample, such as (H, W, C).
        classes: the names of the labels that it can be asked for, () for none.
    """

    def __init__(self, game: "Game") -> None:
        self.game, self.shape = game, game.real_field.shape
        labels = (one.options for one in game.controls() if one.name == "label")
        self.classes = next(labels, ())

    def batches(self, n: int, seed: int) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples as they are stored, (m, ...), latent) until there are `n`.

        Latents are those of `game.latents(n, (0, seed))`, cut into parts.
        """
        yield from sampling.batches(self.game, self.game.latents(n, (0, seed)))


class SavedModelSource:
    """Images of an exported generator: kgan's, or any that maps z to images.

    kgan's has an endpoint `sample`. Of another one the serving signature must take
    one float tensor (n, d), which is fed N(0, I), and return one of images; floats
    in [-1, 1] or [0, 1] become uint8.

    A SavedModel is a program: loading it runs it. It does not name its classes.

    Args:
        path: its folder.
        log: called with one line that says how floats were read.

    Raises:
        UserError: there is no SavedModel, or none that draws images from z.
    """

    classes = ()

    def __init__(self, path: PathLike, log: Log = print) -> None:
        self.path, self.log, self._scale = path, log, None
        try:
            self._model = tf.saved_model.load(str(path))
        except (OSError, ValueError, tf.errors.OpError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(
                f"saved_model={path}", f"no SavedModel ({reason})"
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
                f"saved_model={self.path}",
                "its serving signature must take one tensor z of shape (n, d)",
            )
        return specs[0][0], specs[0][1]

    def batches(self, n: int, seed: int) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
        """Yields (uint8 images, {}) until there are `n`; equal seeds, equal images."""
        for index, start in enumerate(range(0, n, sampling.BATCH)):
            count = min(sampling.BATCH, n - start)
            yield self._images(self._drawn(count, seed, index)), {}

    def _drawn(self, count, seed, index):
        key = np.random.SeedSequence([seed, index]).generate_state(1)[0]
        if self._own:
            number = tf.constant(int(key) % 2**31, tf.int32)
            drawn = self._model.sample(n=tf.constant(count), seed=number)
            if "images" not in drawn:
                raise UserError(
                    f"saved_model={self.path}", f"draws {', '.join(drawn)}, not images"
                )
            return drawn["images"]
        name, spec = self._input
        z = np.random.default_rng(key).normal(size=(count, spec.shape[1]))
        (images,) = self._signature(**{name: tf.constant(z, spec.dtype)}).values()
        return images

    def _images(self, drawn):
        images = np.asarray(drawn)
        if images.ndim != 4 or images.shape[-1] not in (1, 3):
            raise UserError(
                f"saved_model={self.path}",
                f"draws shape {images.shape}, not images (n, H, W, 1 or 3)",
            )
        if images.dtype == np.uint8:
            return images
        if self._scale is None:
            self._scale = "[-1, 1]" if images.min() < -0.01 else "[0, 1]"
            self.log(f"{self.path}: its pixels are read as {self._scale}")
        images = images if self._scale == "[-1, 1]" else 2.0 * images - 1.0
        return Image().from_network(tf.convert_to_tensor(images)).numpy()
