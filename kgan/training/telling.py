"""What a run says of itself: at its start, in its progress line, and at its end."""

from typing import TYPE_CHECKING, Any

from kgan.errors import UserError
from kgan.health import line, standing
from kgan.training import estimate
from kgan.training.loop import Position

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.health.callback import Health
    from kgan.training.record import Record

MOST_SHOWN = 6  # numbers in the progress line


def beginning(
    game: "Game", config: Any, record: "Record", deterministic: bool, workers: int
) -> str:
    """Returns the line that says what is trained, and how it is computed.

    Args:
        game: a compiled `kgan.game.Game`, tuned.
        config: the configuration of the run, resolved.
        record: the `kgan.training.record.Record` of the run.
        deterministic: whether all operations give the same bits every time.
        workers: how many processes train together.
    """
    replicas = game.replicas
    counts = [f"{k} {n:,}" for k, n in estimate.parameters(game).items()]
    return (
        f"{record.variant}: {', '.join(counts)} parameters, {config.epochs} "
        f"epochs, batch {config.batch_size}, {record.precision}, "
        f"XLA {'on' if game.jit_compile else 'off'}, "
        f"{'deterministic operations, ' if deterministic else ''}"
        f"{game.steps_per_execution} steps per execution"
        f"{f', {replicas} replicas' if replicas > 1 else ''}"
        f"{f' on {workers} workers' if workers > 1 else ''}"
    )


def shown(game: "Game") -> list[str]:
    """Returns the names of what the progress line tells."""
    losses = [f"{side}/loss" for side in game.sides]
    rest = [name for name in game.tracked if "/" not in name]
    free = [name for name in rest if name not in game.equilibrium]
    return [*losses, *free][:MOST_SHOWN]


def end(health: "Health", position: Position, saved: bool = True) -> str:
    """Returns the line that says how the health of a run was at its end, "" for none.

    Args:
        health: the run's `kgan.health.callback.Health`.
        position: where the run ended.
        saved: whether there is a checkpoint.

    Raises:
        UserError: its health ended the run, and not well.
    """
    if not health.demand:
        if not health.checks:
            return ""
        return standing(health.last, health.checks, len(health.rollbacks))
    told, stopped = line(health.last, health.config), f"; stopped {position} and saved"
    if health.demand == "end":
        return told + stopped
    if health.rollbacks:
        told += f"; {len(health.rollbacks)} rollbacks did not help"
    if not health.last.verdict.lost:
        raise UserError(told + stopped, remedy="`on_sick=warn` goes on", exit_code=1)
    left = (
        "the checkpoint before it is whole" if saved else "nor was anything before it"
    )
    raise UserError(f"{told}; not saved, {left}", exit_code=1)
