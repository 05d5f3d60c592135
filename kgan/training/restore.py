"""A run's game, as its record describes it."""

from pathlib import Path

import keras

from kgan.config import from_plain
from kgan.errors import UserError
from kgan.training.checkpoint import Checkpoints
from kgan.training.record import NAME, Record


def build_game(build, config, record):
    """The compiled game that `record` describes, untrained."""
    keras.config.set_dtype_policy(record.precision)
    keras.utils.set_random_seed(config.seed)
    return build(config, record.shape, record.classes)


def restore(workdir, variant, log=print):
    """The trained game of a workdir and its record.

    Args:
        variant: gives the config module of a variant's name.
        say: told when the newest checkpoint was not whole.

    Raises:
        UserError: no run, or no checkpoint, in `workdir`.
    """
    record = Record.read(workdir)
    module = variant(record.variant)
    try:
        config = from_plain(module.Config, record.config)
    except UserError as error:
        raise UserError(f"{Path(workdir) / NAME}: {error}", exit_code=1) from error
    game = build_game(module.build, config, record)
    if not Checkpoints(game, workdir).restore(log):
        raise UserError(f"--workdir={workdir}: has no checkpoint yet; train it first")
    return game, record
