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


def offered(path: PathLike) -> tuple[str, tuple[Control, ...]] | None:
    """Returns what an export of kgan says of itself, without running it.

    Args:
        path: the folder of a SavedModel.

    Returns:
        (what it makes, such as "images", its controls); None if kgan did not write it.

    Raises:
        UserError: what it says is damaged.
    """
    try:
        plain = json.loads((Path(path) / OFFERED).read_text(encoding="utf-8"))
        return plain["makes"], controls.from_plain(plain["controls"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error


def _whole(name, value):
    """A whole number as the endpoints take it; raises UserError for another one."""
    if not 0 <= value < 2**31 or value != int(value):
        raise UserError(f"{name}={value}", "must be a whole number from 0 to 2^31 - 1")
    return tf.constant(int(value), tf.int32)


def _damaged(path, error):
    reason = str(error).splitlines()[0]
    return UserError(path, f"damaged ({reason})", exit_code=1)


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
        found = offered(path)
        if found is None:
            raise UserError(
                path,
                "was not exported by this version of kgan",
                "`tf.saved_model.load` opens any SavedModel",
            )
        self._makes, self._controls = found
        try:
            self._model = tf.saved_model.load(str(path))
        except (OSError, ValueError, tf.errors.OpError) as error:
            raise _damaged(path, error) from error

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
        stored = values.pop(inputs[0]) if inputs else None
        for name, value in values.items():
            if np.shape(value) != tuple(known[name].spec.shape):
                raise known[name].wrong(value, "takes one value for all samples here")
        if inputs and seed:
            raise UserError(
                f"seed={seed}",
                f"an export that starts from {known[inputs[0]].name} draws as with seed 0",
                "leave it out, or draw with the run itself",
            )
        if inputs:
            return self._translate(known[inputs[0]], stored, values)
        call = getattr(self._model, endpoint(self._controls, values))
        tensors = {k: tf.constant(v, known[k].spec.dtype) for k, v in values.items()}
        made = call(n=_whole("n", n), seed=_whole("seed", seed), **tensors)
        return made[self._makes].numpy()

    def _translate(self, control, stored, values):
        call = getattr(self._model, control.endpoint)
        tensors = {
            one.name: tf.constant(values.get(one.name, one.absent), one.spec.dtype)
            for one in self._controls
            if one.absent is not None
        }
        made = call(**{control.field.kind.plural: tf.constant(stored)}, **tensors)
        return made[self._makes].numpy()

    def __repr__(self) -> str:
        names = ", ".join(control.name for control in self._controls)
        return f"<Exported {self.path}: generate(n, seed, {names})>"
