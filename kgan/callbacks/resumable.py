"""The base class for callbacks whose state is saved in checkpoints."""

import keras


class Resumable(keras.callbacks.Callback):
    """Base class for callbacks whose state checkpoints save and a resumed run restores.

    On resume, its state and the files that it writes are set back to the moment of the
    checkpoint, so that a file has no gap and nothing twice. Ordinary Keras callbacks can
    be used in the same run; they start anew.
    """

    def state(self):
        """Returns the state as plain values for JSON; all files are on the disk then."""
        raise NotImplementedError

    def resume(self, state):
        """Restores what `state()` returned; None is the beginning of a run.

        It is called once, before the training.
        """
        raise NotImplementedError
