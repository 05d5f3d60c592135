"""Start of a run from the networks of another run."""

import difflib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from kgan.errors import UserError, few
from kgan.game import Game
from kgan.settings import from_plain
from kgan.training.checkpoint import Checkpoints
from kgan.training.record import NAME, Record
from kgan.training.restore import build_game
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.training.options import Options
    from kgan.training.run import Variant

MENTIONED = 6  # variables that do not fit, in one line
EMA = "ema_"  # begins the name of the moving average of a network


def start(
    game: Game,
    variant: "Variant",
    config: Any,
    workdir: PathLike,
    options: "Options",
    find: Callable[[str], Any] | None,
) -> dict[str, Any]:
    """Gives a game the networks that its run starts from, if it starts from a run.

    That is the run that `options.init_from` names, or else the one that the record in
    `workdir` names. A run that has a checkpoint of its own goes on from that instead,
    and the other run need not be there any more.

    Args:
        game: the compiled game of `variant` and `config`.
        variant: the `kgan.training.run.Variant` of the run.
        config: the resolved configuration.
        workdir: the run's folder.
        options: the run's `Options`.
        find: name of a variant of kgan -> its config module; None where there is none.

    Returns:
        A dict of plain values for the record, {} for a run that starts from nothing:
        the other "workdir", its "variant" and "epoch" and "step", how many "variables"
        the networks have here, how many "fitted", and the names of the "unfitted".

    Raises:
        UserError: there is no such run, or nothing of it fits.
    """
    known = {}
    if not options.fresh and (Path(workdir) / NAME).exists():
        known = Record.read(workdir).init_from
    place = options.init_from or known.get("workdir")
    if not place:
        return {}
    place = os.path.abspath(Path(place).expanduser())
    if not options.fresh and Checkpoints(game, workdir).any():
        return known if known.get("workdir") == place else {"workdir": place}
    own = f"init_from={place}"
    try:
        return _started(game, variant, config, Path(place), find, options.log)
    except UserError as error:
        if error.field == own:
            raise
        # Remedies for one's own run are none for another.
        named = "" if error.field == f"workdir={place}" else f"{error.field}: "
        problem = f"{named}{error.problem}".removesuffix(": ")
        raise UserError(own, problem, exit_code=error.exit_code) from error


def _started(game, variant, config, place, find, log):
    record = Record.read(place)
    kind, build = _variant(record, variant, config, place, find)
    values, position = _read(game, record, kind, build, place, log)
    fitted, unfitted, kernels = fit(game, values)
    total = fitted + len(unfitted)
    if not kernels:
        raise UserError(
            f"init_from={place}",
            f"its networks do not fit those of this run: {fitted} of {total} variables, "
            "and no kernel among them",
            "networks of the same layers and sizes fit",
        )
    log(
        f"starts from {place} {position}: {fitted} of {total} variables fit"
        + (f"; not {few(unfitted, MENTIONED)}" if unfitted else "")
    )
    return {
        "workdir": str(place),
        "variant": record.variant,
        "epoch": position.epoch,
        "step": position.step,
        "variables": total,
        "fitted": fitted,
        "unfitted": unfitted,
    }


def _variant(record, variant, config, place, find):
    """The configuration class of the other run, and the function that builds its game."""
    if record.variant == variant.name:
        return type(config), variant.build
    try:
        if find is None:
            raise UserError(f"variant={record.variant}")
        module = find(record.variant)
    except UserError as error:
        # A file of the user's own is a program: it runs only if the user names it.
        raise UserError(
            f"init_from={place}",
            f"holds a run of {record.variant!r}, which is neither this run's variant nor "
            "one that kgan brings",
        ) from error
    return module.Config, module.build


def _read(game, record, kind, build, place, log):
    """The values of the networks of the other run, and its `Position`.

    Where that run's game is `game` itself, compiled by the user, it is left as it was.
    """
    policy, fields = keras.config.dtype_policy(), game.fields
    before = [variable.numpy() for variable in game.state]
    try:
        earlier = from_plain(kind, record.config)
        other = build_game(build, earlier, record.spec, record.precision)
        saved = Checkpoints(other, place).restore(log)
        if saved is None:
            raise UserError(f"workdir={place}", "has no checkpoint yet")
        values = {
            name: [(v.name, v.numpy()) for v in weights(network)]
            for name, network in networks(other).items()
        }
    finally:
        keras.config.set_dtype_policy(policy)
        game.fields = fields
        for variable, value in zip(game.state, before, strict=True):
            variable.assign(value)
    return values, saved.position


def networks(game: Game) -> dict[str, keras.Model]:
    """Returns the networks of a game by their names: "generator", "to_y.generator"."""
    found = {}
    for name, part in vars(game).items():
        if isinstance(part, Game):
            found |= {f"{name}.{inner}": one for inner, one in networks(part).items()}
        elif isinstance(part, keras.Model):
            found[name] = part
    return found


def weights(network: keras.Model) -> list[keras.Variable]:
    """Returns the variables that a network has learned; counters and seeds are none."""
    return [v for v in network.variables if "float" in v.dtype]


def fit(
    game: Game, values: dict[str, list[tuple[str, np.ndarray]]]
) -> tuple[int, list[str], bool]:
    """Assigns values of another game's networks to those variables that they fit.

    Networks of equal names are compared variable by variable, or, where they have
    another number of them, by the longest runs of equal names and shapes. A moving
    average that the other game has not starts from the network that it follows.

    Args:
        game: the game whose networks get them.
        values: name of a network -> list of (name of a variable, value).

    Returns:
        How many variables fitted; a list of those that did not, in words; and whether
        one that fitted has as many dimensions as any, such as a kernel: single biases
        fit nearly anything.
    """
    fitted, unfitted = [], []
    for name, network in networks(game).items():
        place, _, last = name.rpartition(".")
        followed = f"{place}.{last}".strip(".").replace(EMA, "", 1)
        theirs = values.get(name) or values.get(followed, [])
        mine = weights(network)
        partners = _partners([(v.name, tuple(v.shape)) for v in mine], theirs)
        for variable, partner in zip(mine, partners, strict=True):
            if partner is None:
                unfitted.append(f"{name}/{variable.path} {tuple(variable.shape)}")
            else:
                variable.assign(partner)
                fitted.append(len(variable.shape))
    every = [len(v.shape) for one in networks(game).values() for v in weights(one)]
    least = min(2, max(every, default=0))
    return len(fitted), unfitted, any(rank >= least for rank in fitted)


def _partners(mine, theirs):
    """The value for each of `mine`, (name, shape), or None where none fits."""
    keys = [(name, np.shape(value)) for name, value in theirs]
    if len(mine) == len(keys):
        pairs = [(i, i) for i in range(len(mine)) if mine[i] == keys[i]]
    else:
        matcher = difflib.SequenceMatcher(None, mine, keys, autojunk=False)
        blocks = matcher.get_matching_blocks()
        pairs = [(a + i, b + i) for a, b, size in blocks for i in range(size)]
    found = dict(pairs)
    return [theirs[found[i]][1] if i in found else None for i in range(len(mine))]
