"""The base class for callbacks whose state is saved in checkpoints."""

from typing import Any

import keras


class Resumable(keras.callbacks.Callback):
    """Base class for callbacks whose state checkpoints save and a resumed run restores.

    On resume, its state and the files that it writes are set back to the moment of the
    checkpoint, so that a file has no gap and nothing twice. Ordinary Keras callbacks can
    be used in the same run; they start anew.
    """

    def state(self) -> dict[str, Any]:
        """Returns the state as plain values for JSON; all files are on the disk then."""
        raise NotImplementedError

    def resume(self, state: dict[str, Any] | None) -> None:
        """Restores what `state()` returned; None is the beginning of a run.

        It is called once, before the training.
        """
        raise NotImplementedError
