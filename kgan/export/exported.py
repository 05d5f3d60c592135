"""An exported generator, loaded to be called as the game was."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from kgan import controls
from kgan.controls import Control, Input
from kgan.errors import UserError
from kgan.export.endpoints import endpoint
from kgan.export.saved_model import OFFERED
from kgan.typing import PathLike


class Exported:
    """A generator that kgan exported as a SavedModel, with the `generate` of its game.

    A SavedModel is a program: loading it runs it. Load only what you trust.

    Args:
        path: the folder that `kgan.export_generator` wrote.

    Raises:
        UserError: there is no SavedModel, or kgan did not write it.

    Example:
        generator = kgan.load("runs/mine/generator")
        generator.controls()
        images = generator.generate(16, seed=0, category=3)  # uint8
    """

    def __init__(self, path: PathLike) -> None:
        self.path: Path = Path(path)
        try:
            plain = json.loads((self.path / OFFERED).read_text(encoding="utf-8"))
            self._makes = plain["makes"]
            self._controls = controls.from_plain(plain["controls"])
            self._model = tf.saved_model.load(str(path))
        except FileNotFoundError:
            raise UserError(
                path,
                "was not exported by this version of kgan",
                "`tf.saved_model.load` opens any SavedModel",
            ) from None
        except (OSError, ValueError, KeyError, TypeError, tf.errors.OpError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(path, f"damaged ({reason})", exit_code=1) from error

    def controls(self) -> tuple[Control, ...]:
        """Returns the controls of `generate`: a tuple of `kgan.controls.Control`."""
        return self._controls

    def generate(self, n: int = 1, seed: int = 0, **given: Any) -> np.ndarray:
        """Generates `n` samples as they are stored, such as uint8 images, (n, ...).

        Args:
            n: how many samples; data that are given to translate have their own number.
            seed: equal seeds give equal samples.
            given: values of `controls()`, by name, one value for all samples.

        Raises:
            UserError: no such control, or a value out of range.
        """
        values = controls.checked(self._controls, given)
        known = {control.name: control for control in self._controls}
        inputs = [name for name in values if isinstance(known[name], Input)]
        if inputs:
            return self._translate(known[inputs[0]], values[inputs[0]])
        for name, value in values.items():
            if np.shape(value) != tuple(known[name].spec.shape):
                raise known[name].wrong(value, "takes one value for all samples here")
        call = getattr(self._model, endpoint(self._controls, values))
        tensors = {k: tf.constant(v, known[k].spec.dtype) for k, v in values.items()}
        made = call(n=tf.constant(n), seed=tf.constant(seed), **tensors)
        return made[self._makes].numpy()

    def _translate(self, control, stored):
        call = getattr(self._model, control.endpoint)
        made = call(**{control.field.kind.plural: tf.constant(stored)})
        return made[self._makes].numpy()

    def __repr__(self) -> str:
        names = ", ".join(control.name for control in self._controls)
        return f"<Exported {self.path}: generate(n, seed, {names})>"
