"""Sources of generated images, in batches: a trained game, or a SavedModel."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from kgan.applications import sampling
from kgan.controls import Choice, Control, Text
from kgan.data.kinds import Image
from kgan.errors import UserError
from kgan.export.exported import offered
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.game import Game


class Source:
    """Base class of sources: what draws images, and may be asked for classes.

    Attributes:
        game: the game whose samples they are, or None.
        takes_labels: whether it can be asked for a class.
        classes: the names of those classes, () for none, or where it does not tell them.
        shape: of a sample, such as (H, W, C).
        text: the control that takes a caption, or None.
    """

    game: "Game | None" = None
    takes_labels: bool = False
    classes: tuple[str, ...] = ()
    shape: tuple[int, ...]
    text: Text | None = None

    def numbers(self, classes: tuple[str, ...]) -> np.ndarray | None:
        """Returns what to ask for each of the data's classes, int32 (K,).

        None if it does not take them: it has no labels, or others.
        """
        if not classes or not set(classes) <= set(self.classes):
            return None
        return np.array([self.classes.index(name) for name in classes], np.int32)

    def batches(
        self, n: int, seed: int, labels: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples as they are stored, (m, ...), latent) until there are `n`.

        Args:
            n: how many samples.
            seed: equal seeds give equal samples.
            labels: what to ask for, (n,) of `numbers`, in ascending order; None lets
                the source choose.
        """
        raise NotImplementedError

    def captioned(
        self, captions: np.ndarray, seed: int
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields (samples, latent) for captions that `text` takes, one each, in order."""
        raise NotImplementedError


class GameSource(Source):
    """Samples of a trained game, with what they were drawn from."""

    def __init__(self, game: Any) -> None:
        self.game, self.shape = game, game.real_field.shape
        control = _label_control(game)
        self.takes_labels = control is not None
        self._name, self.classes = (
            (control.name, control.options) if control else ("", ())
        )
        self.text = _text(game.controls())

    def batches(
        self, n: int, seed: int, labels: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, Any]]:
        """Yields as `Source.batches`; latents are those of `game.latents`, in parts."""
        game: Any = self.game
        asked = {} if labels is None else {self._name: labels}
        yield from sampling.batches(game, game.latents(n, (0, seed), **asked))

    def captioned(
        self, captions: np.ndarray, seed: int
    ) -> Iterator[tuple[np.ndarray, Any]]:
        game: Any = self.game
        given = {_name(self.text): captions}
        yield from sampling.batches(
            game, game.latents(len(captions), (0, seed), **given)
        )


def _text(controls):
    return next((one for one in controls if isinstance(one, Text)), None)


def _name(control: Control | None) -> str:
    assert control is not None
    return control.name


def _label_control(game):
    """The control that chooses a class; a code that the game reads back is none."""
    choices = [one for one in game.controls() if isinstance(one, Choice)]
    if not choices:
        return None
    blank = np.zeros((1, *game.real_field.shape), game.real_field.dtype)
    read = game.read_codes(game.as_inputs({"real": blank})["real"])
    return next((one for one in choices if one.name not in read), None)


def _classes(controls):
    """The names of the classes that an export says it has; () if it does not tell."""
    labels = (one for one in controls if one.name == "label")
    return next((one.options for one in labels if isinstance(one, Choice)), ())


class SavedModelSource(Source):
    """Images of an exported generator: kgan's, or any that maps z to images.

    kgan's has an endpoint `sample`. Of another one the serving signature must take
    one float tensor (n, d), which is fed N(0, I), and return one of images; floats
    in [-1, 1] or [0, 1] become uint8.

    A SavedModel is a program: loading it runs it. Those of kgan name their classes; those
    of earlier versions do not, and are asked only if they know exactly as many labels as
    the data have.

    Args:
        path: its folder.
        log: called with one line that says how floats were read.

    Raises:
        UserError: there is no SavedModel, or none that draws images from z.
    """

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
        self.takes_labels = hasattr(self._model, "sample_label")
        found = offered(path)
        controls = found[1] if found else ()
        self.classes = _classes(controls) if self.takes_labels else ()
        self.text = _text(controls)
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

    def numbers(self, classes: tuple[str, ...]) -> np.ndarray | None:
        last = len(classes) - 1
        if self.classes or not self.takes_labels or last < 0:
            return super().numbers(classes)
        # It does not tell its classes, but refuses what it does not know.
        fits = self._knows(last) and not self._knows(last + 1)
        return np.arange(len(classes), dtype=np.int32) if fits else None

    def batches(
        self, n: int, seed: int, labels: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, dict]]:
        """Yields (uint8 images, {}) until there are `n`; equal seeds, equal images."""
        parts: list[tuple[dict[str, Any], int]] = [({}, n)]
        if labels is not None:
            each = zip(*np.unique(labels, return_counts=True), strict=True)
            parts = [({"label": label}, count) for label, count in each]
        index = 0
        for asked, wanted in parts:
            for start in range(0, wanted, sampling.BATCH):
                count = min(sampling.BATCH, wanted - start)
                yield self._images(self._drawn(count, seed, index, **asked)), {}
                index += 1

    def captioned(
        self, captions: np.ndarray, seed: int
    ) -> Iterator[tuple[np.ndarray, Any]]:
        # An export draws any number of samples, but of one caption at a time.
        for index, caption in enumerate(captions):
            drawn = self._drawn(1, seed, index, **{_name(self.text): caption})
            yield self._images(drawn), {}

    def _knows(self, label):
        try:
            self._drawn(1, 0, 0, label=label)
        except tf.errors.InvalidArgumentError:
            return False
        return True

    def _drawn(self, count, seed, index, **asked):
        key = np.random.SeedSequence([seed, index]).generate_state(1)[0]
        if self._own:
            given = {
                "n": tf.constant(int(count), tf.int32),
                "seed": tf.constant(int(key) % 2**31, tf.int32),
            }
            call = getattr(self._model, "_".join(["sample", *asked]))
            drawn = call(**given, **{k: tf.constant(v) for k, v in asked.items()})
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
