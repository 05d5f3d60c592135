"""A run's health: what it is measured on, and what follows from a verdict."""

import math

import numpy as np

from kgan.callbacks import Health, Signals
from kgan.callbacks.signals import REFERENCES
from kgan.checkpoint import Checkpoints, Saved
from kgan.data import batches, load
from kgan.errors import UserError
from kgan.health import DIVERGED, line, standing

LEAST, MOST = 32, 128  # images that a check plays a round on
TRIES = 3
SLOWER = 0.5  # what a rollback multiplies the learning rates with
MUCH_SLOWER = 0.1  # and of a run that has diverged, as `kgan.health` advises


def signals(run, ready):
    """The run's `Signals`, on images that the seed chooses."""
    game, images, config, _ = ready
    held_out = _held_out(run, images)
    few = min(
        max(LEAST, min(MOST, config.batch_size)),  # large batches need much memory
        len(images),
        len(held_out) if held_out else MOST,
    )
    pack = getattr(game, "pack", 1)  # translators of two ways judge one by one
    count = max(1, few // pack) * pack

    def some(of):
        return next(iter(batches(of, count, seed=config.seed))) if of else None

    batch, unseen = some(images), some(held_out)
    if unseen and unseen.keys() != batch.keys():
        unseen = None  # a test part without labels, say
    return Signals(game, batch, unseen, _known(images))


def _held_out(run, images):
    """Some images that the run does not learn from, or None."""
    if not isinstance(run.dataset, str):
        return None  # images that are there already have no other part
    side, _, channels = images.image_shape
    other = "train" if run.split.startswith("test") else "test"
    for split in (f"{other}[:{10 * MOST}]", other):  # a folder has no parts of a split
        try:
            found = load(
                run.dataset,
                split=split,
                image_size=side,
                channels=channels,
                data_dir=run.data_dir,
                say=lambda line: None,
            )
        except UserError:
            continue
        return found if len(found) >= LEAST else None
    return None


def _known(images):
    """(images in [-1, 1], labels) from all over the data set, or None."""
    if getattr(images, "labels", None) is None or len(images.classes) < 2:
        return None
    count = min(REFERENCES, len(images))
    rows = np.linspace(0, len(images) - 1, count).astype(int)
    return np.float32(images.pixels[rows]) / 127.5 - 1.0, images.labels[rows]


def health(run, ready, board, measured):
    """The callback that watches the run."""
    return Health(
        run.workdir,
        board,
        measured,
        ready.record.config,
        run.on_sick,
        run.stop_at_equilibrium,
        run.health_every,
        run.say,
    )


def aside(run, ready):
    """Where the last healthy checkpoint is kept; None where none is asked for."""
    if run.on_sick != "rollback":
        return None
    checkpoints = Checkpoints(ready.game, run.workdir, keep=1, aside=True)
    checkpoints.open()
    return checkpoints


def goes_back(health):
    """Whether the run is to be taken up at its last healthy checkpoint."""
    return health.demand == "rollback" and len(health.rollbacks) < TRIES


def slower(rollbacks):
    """What the newest of `rollbacks` multiplies the learning rates with.

    Rates that a run diverged at are far too high, whatever ails it afterwards.
    """
    diverged = any(each["verdict"] == DIVERGED for each in rollbacks)
    return MUCH_SLOWER if diverged else SLOWER


def roll_back(run, ready, checkpoints, aside, end, health):
    """Makes the last healthy checkpoint the newest one, at lower learning rates.

    Returns: its `Saved`.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    saved = aside.restore(run.say)
    if saved is None or saved.position > end:
        raise UserError(
            f"{line(health.last, health.config)}; there is no healthy checkpoint to go "
            "back to; begin anew with --fresh",
            exit_code=1,
        )
    notes = dict(saved.notes)
    before = notes["health"]["rollbacks"]
    name = health.last.verdict.name
    one = {"verdict": name, "factor": slower([*health.rollbacks, {"verdict": name}])}
    every = [*health.rollbacks, one]
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
    for grid in (run.workdir / "samples").glob("epoch-*.png"):
        if int(grid.stem.removeprefix("epoch-")) > saved.position.epoch:
            grid.unlink()  # of what has been undone
    run.say(one["told"])
    return Saved(saved.position, notes)


def ended(run, health, place):
    """Tells how a verdict has ended the run.

    Raises:
        UserError: unless it ended well.
    """
    told = line(health.last, health.config)
    if health.demand == "end":
        run.say(f"{told}; stopped {place} and saved")
        return
    if health.rollbacks:
        told += f"; {len(health.rollbacks)} rollbacks did not help"
    if health.last.verdict.lost:
        told += "; not saved, the checkpoint before it is whole"
    else:
        told += f"; stopped {place} and saved; --on_sick=warn goes on"
    raise UserError(told, exit_code=1)


def summed_up(run, health):
    """One line at the end of a run that was checked."""
    if health.checks:
        run.say(standing(health.last, health.checks, len(health.rollbacks)))
