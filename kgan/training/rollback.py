"""Rollback of a run that went wrong to a healthy checkpoint, at lower learning rates."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgan.errors import UserError
from kgan.health import DIVERGED, line
from kgan.training.checkpoint import HEALTHY, START, Checkpoints, Saved
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.health.callback import Health
    from kgan.training.loop import Position

TRIES = 3
SLOWER = 0.5  # what a rollback multiplies the learning rates with
MUCH_SLOWER = 0.1  # and of a run that has diverged, as `kgan.health` advises


class Rollback:
    """Keeps the first and the last healthy checkpoint of a run, and restores them.

    Args:
        game: a compiled game.
        workdir: the run's folder.
        log: called with one line for each rollback.
    """

    def __init__(self, game: "Game", workdir: Path, log: Log = print) -> None:
        self.game, self.workdir, self.log = game, workdir, log
        self.first, self.last = (
            Checkpoints(game, workdir, keep=1, aside=name) for name in (START, HEALTHY)
        )
        self.first.open()
        self.last.open()

    def save(self, position: "Position", notes: dict[str, Any]) -> None:
        """Saves the game as it is now, which must be healthy."""
        if not self.first.any():
            self.first.save(position, notes)
        self.last.save(position, notes)

    def allowed(self, health: "Health") -> bool:
        """Whether the run is to be rolled back: asked for by health, with tries left."""
        return health.demand == "rollback" and len(health.rollbacks) < TRIES

    def go_back(
        self,
        health: "Health",
        end: "Position",
        checkpoints: Checkpoints,
        stays: dict[str, Any] | None = None,
    ) -> Saved:
        """Restores a healthy checkpoint, and saves it as the newest at lower rates.

        It is the last healthy one. Only the last try of a run that has diverged starts
        from the first one: a run can be damaged long before a check shows it.

        Args:
            health: the run's `Health`.
            end: the `Position` that the run reached.
            checkpoints: the run's `Checkpoints`.
            stays: notes of now that take the place of those of the checkpoint.

        Returns:
            The `Saved` of the restored checkpoint.

        Raises:
            UserError: there is no healthy checkpoint, or it cannot be read.
        """
        one: dict[str, Any] = {"verdict": health.last.verdict.name}
        every = [*health.rollbacks, one]
        one["factor"] = factor(every)
        anew = len(every) == TRIES and has_diverged(every)
        saved = (self.first if anew else self.last).restore(self.log)
        if saved is None or saved.position > end:
            raise UserError(
                line(health.last, health.config),
                remedy="there is no healthy checkpoint to go back to; begin anew with "
                "`fresh`",
                exit_code=1,
            )
        notes = saved.notes | (stays or {})
        before = notes["health"]["rollbacks"]
        # The checkpoint has the rates of its own time.
        scale = math.prod(each["factor"] for each in every[len(before) :])
        self.game.scale_learning_rates(scale)
        one["told"] = self._told(every, health.last, saved.position)
        notes["health"] = notes["health"] | {"rollbacks": every}
        checkpoints.save(saved.position, notes)
        self._remove_previews(saved.position.epoch)
        self.log(one["told"])
        return Saved(saved.position, notes)

    def _told(self, every, change, position):
        return (
            f"rollback {len(every)} of {TRIES}: {change.verdict.name} in epoch "
            f"{change.epoch}, step {change.step}; goes on after epoch "
            f"{position.epoch}, step {position.step} of the next, at "
            f"{math.prod(each['factor'] for each in every):g} of the learning rates"
        )

    def _remove_previews(self, last):
        """Removes the samples of what has been undone: of the epochs after `last`."""
        for sample in (self.workdir / "samples").glob("epoch-*"):
            number = sample.stem.removeprefix("epoch-")
            if number.isdigit() and int(number) > last:
                sample.unlink()


def has_diverged(rollbacks: list[dict[str, Any]]) -> bool:
    """Whether one of `rollbacks` was for a run that diverged: its rates are too high."""
    return any(each["verdict"] == DIVERGED for each in rollbacks)


def factor(rollbacks: list[dict[str, Any]]) -> float:
    """Returns the factor of the learning rates for the newest of `rollbacks`."""
    return MUCH_SLOWER if has_diverged(rollbacks) else SLOWER
