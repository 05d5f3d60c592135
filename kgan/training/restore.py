"""Rebuilding of the game of a run from its record and its checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from kgan.controls import Input
from kgan.data import Spec
from kgan.errors import UserError
from kgan.settings import from_plain
from kgan.training.checkpoint import Checkpoints
from kgan.training.record import NAME, Record
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.game import Game


def build_game(
    build: Callable[..., "Game"], config: Any, spec: Spec, precision: str
) -> "Game":
    """Returns the compiled, untrained game of a configuration.

    Args:
        build: (config, `kgan.data.Spec`) -> compiled `Game`.
        config: the resolved configuration.
        spec: the fields and classes of the data.
        precision: Keras' dtype policy.
    """
    keras.config.set_dtype_policy(precision)
    keras.utils.set_random_seed(config.seed)
    game = build(config, spec)
    game.fields = dict(spec.fields)
    return game


def restore(
    workdir: PathLike, find: Callable[[str], Any], log: Log = print
) -> tuple["Game", Record]:
    """Returns the trained game of a workdir, and its record.

    Args:
        workdir: the run's folder.
        find: name of a variant -> its config module.
        log: called with one line if the newest checkpoint was damaged.

    Raises:
        UserError: no run, or no checkpoint, in `workdir`.
    """
    record = Record.read(workdir)
    module = find(record.variant)
    try:
        config = from_plain(module.Config, record.config)
    except UserError as error:
        raise UserError(Path(workdir) / NAME, str(error), exit_code=1) from error
    game = build_game(module.build, config, record.spec, record.precision)
    return load_weights(game, workdir, log), record


def starts_from(game: "Game") -> Input | None:
    """Returns the control that G starts from, such as images to translate, or None."""
    inputs = [one for one in game.controls() if isinstance(one, Input)]
    return inputs[0] if inputs else None


def load_weights(game: "Game", workdir: PathLike, log: Log = print) -> "Game":
    """Loads the newest whole checkpoint of a workdir into `game`, and returns it."""
    if not Checkpoints(game, workdir).restore(log):
        raise UserError(f"workdir={workdir}", "has no checkpoint yet", "train it first")
    return game
