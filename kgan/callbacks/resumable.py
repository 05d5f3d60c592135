"""What a callback does that an interrupted run takes up again."""

import keras


class Resumable(keras.callbacks.Callback):
    """A callback with a memory.

    What it has written and what it remembers are brought back to the moment of
    the checkpoint with which a run goes on: its files then hold neither a gap
    nor anything twice. Other callbacks of Keras may stand beside it; they begin
    anew.
    """

    def state(self):
        """Plain values for JSON; all that was written before is on the disk."""
        raise NotImplementedError

    def resume(self, state):
        """Takes up what `state` returned; None is the beginning of a run.

        Called once, before the training.
        """
        raise NotImplementedError
