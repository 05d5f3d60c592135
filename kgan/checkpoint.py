"""All that a game remembers, saved and brought back."""

from pathlib import Path

import tensorflow as tf

from kgan.errors import UserError


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

    def restore(self):
        """Brings the newest back; returns the epoch to go on with, 0 if there is none."""
        newest = self._manager.latest_checkpoint
        if newest is None:
            return 0
        try:
            self._state.restore(newest).assert_consumed()
        except (AssertionError, ValueError, tf.errors.OpError) as error:
            raise UserError(
                f"{newest}: does not hold this game's state ({_first_line(error)}); "
                "train into another --workdir",
                exit_code=1,
            ) from error
        return int(self.epoch)

    def save(self, next_epoch):
        self.epoch.assign(next_epoch)
        self._manager.save(checkpoint_number=next_epoch)


def _first_line(error):
    return str(error).strip().splitlines()[0][:200]
