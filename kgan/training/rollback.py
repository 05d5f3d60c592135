"""Back to health: where a sick run is taken up again, and at which rates."""

import math

from kgan.errors import UserError
from kgan.health import DIVERGED, line
from kgan.training.checkpoint import HEALTHY, START, Checkpoints, Saved

TRIES = 3
SLOWER = 0.5  # what a rollback multiplies the learning rates with
MUCH_SLOWER = 0.1  # and of a run that has diverged, as `kgan.health` advises


class Healthy:
    """The run's first healthy checkpoint, and its last."""

    def __init__(self, game, workdir):
        self.first, self.last = (
            Checkpoints(game, workdir, keep=1, aside=name) for name in (START, HEALTHY)
        )
        self.first.open()
        self.last.open()

    def save(self, position, notes):
        if not self.first.any():
            self.first.save(position, notes)
        self.last.save(position, notes)


def healthy(run, ready):
    """Where healthy checkpoints are kept; None where none is asked for."""
    asked = run.on_sick == "rollback"
    return Healthy(ready.game, run.workdir) if asked else None


def goes_back(health):
    """Whether the run is to be taken up again."""
    return health.demand == "rollback" and len(health.rollbacks) < TRIES


def has_diverged(rollbacks):
    """Whether one of them was for that: the rates it began with are far too high."""
    return any(each["verdict"] == DIVERGED for each in rollbacks)


def factor(rollbacks):
    """What the newest of `rollbacks` multiplies the learning rates with."""
    return MUCH_SLOWER if has_diverged(rollbacks) else SLOWER


def roll_back(run, ready, checkpoints, kept, end, health):
    """Makes a healthy checkpoint the newest one, at lower learning rates.

    The last healthy one; but the last try of a run that has diverged begins anew, as
    what comes after the rates that it diverged at can be sick long before it shows.

    Args: `kept`, the `Healthy`.

    Returns: its `Saved`.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    name = health.last.verdict.name
    one = {"verdict": name}
    every = [*health.rollbacks, one]
    one["factor"] = factor(every)
    anew = len(every) == TRIES and has_diverged(every)
    saved = (kept.first if anew else kept.last).restore(run.log)
    if saved is None or saved.position > end:
        raise UserError(
            f"{line(health.last, health.config)}; there is no healthy checkpoint to go "
            "back to; begin anew with --fresh",
            exit_code=1,
        )
    notes = dict(saved.notes)
    before = notes["health"]["rollbacks"]
    # The checkpoint has the rates of its own time.
    ready.game.slow(math.prod(each["factor"] for each in every[len(before) :]))
    one["told"] = (
        f"rollback {len(every)} of {TRIES}: {name} in epoch "
        f"{health.last.epoch}, step {health.last.step}; goes on after epoch "
        f"{saved.position.epoch}, step {saved.position.step} of the next, at "
        f"{math.prod(each['factor'] for each in every):g} of the learning rates"
    )
    notes["health"] = notes["health"] | {"rollbacks": every}
    checkpoints.save(saved.position, notes)
    _remove_grids(run.workdir / "samples", saved.position.epoch)
    run.log(one["told"])
    return Saved(saved.position, notes)


def _remove_grids(folder, last):
    """Removes the grids of what has been undone: of the epochs after `last`."""
    for grid in folder.glob("epoch-*.png"):
        if int(grid.stem.removeprefix("epoch-")) > last:
            grid.unlink()
