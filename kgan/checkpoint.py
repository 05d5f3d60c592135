"""All that a game remembers, saved and brought back."""

from pathlib import Path

import tensorflow as tf

from kgan.errors import UserError

# What TensorFlow raises for a file that is cut, damaged or of another game.
UNREADABLE = (AssertionError, ValueError, IndexError, tf.errors.OpError)


class Checkpoints:
    """The checkpoints of one run, in WORKDIR/checkpoints.

    They hold every variable of the game: networks, optimizers with their
    slots, moving averages, random state, metrics; and the epoch that comes
    next. A variable that the game gains later is saved with no change here.

    Args:
        game: a compiled game.
        workdir: the run's folder.
        keep: how many checkpoints stay.
    """

    def __init__(self, game, workdir, keep=2):
        self.epoch = tf.Variable(0, dtype=tf.int64)
        # Keras' variables, not its layers: layers do not hand out the random
        # state of their seed generators.
        state = [v.value for v in game.variables]
        for optimizer in (game.max_optimizer, game.min_optimizer):
            state += [v.value for v in optimizer.variables]
        self._state = tf.train.Checkpoint(state=state, epoch=self.epoch)
        self._manager = tf.train.CheckpointManager(
            self._state, str(Path(workdir) / "checkpoints"), max_to_keep=keep
        )

    def restore(self, say=print):
        """Brings the newest whole one back; returns the epoch to go on with.

        That is 0 where there is none. A damaged one is named, and the one
        before it taken.

        Raises:
            UserError: there are checkpoints, and none can be read.
        """
        failures = []
        for path in reversed(self._manager.checkpoints):
            try:
                self._state.restore(path).assert_consumed()
            except UNREADABLE as error:
                failures.append(f"{path}: cannot be restored ({_first_line(error)})")
                continue
            for failure in failures:
                say(f"{failure}; goes back to {path}")
            return int(self.epoch)
        if failures:
            raise UserError(
                f"{failures[0]}, nor any before it; train into another --workdir",
                exit_code=1,
            )
        return 0

    def save(self, next_epoch):
        self.epoch.assign(next_epoch)
        self._manager.save(checkpoint_number=next_epoch)


def _first_line(error):
    return str(error).strip().splitlines()[0][:200]
