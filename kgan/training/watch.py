"""A run's health: what it is measured on, and what follows from a verdict."""

import numpy as np

from kgan.data import batches, load
from kgan.errors import UserError
from kgan.health import line, standing
from kgan.health.callback import Health
from kgan.health.signals import REFERENCES, Signals

LEAST, MOST = 32, 128  # images that a check plays a round on


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
                log=lambda line: None,
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


def health(run, ready, tensorboard, measured):
    """The callback that watches the run."""
    return Health(
        run.workdir,
        tensorboard,
        measured,
        ready.record.config,
        run.on_sick,
        run.stop_at_equilibrium,
        run.health_every,
        run.log,
    )


def ended(run, health, place):
    """Tells how a verdict has ended the run.

    Raises:
        UserError: unless it ended well.
    """
    told = line(health.last, health.config)
    if health.demand == "end":
        run.log(f"{told}; stopped {place} and saved")
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
        run.log(standing(health.last, health.checks, len(health.rollbacks)))
