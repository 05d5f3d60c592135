"""The length of a run that is asked for in hours: from the time of some steps."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgan.errors import UserError
from kgan.training import timing
from kgan.training.record import NAME, Record
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.training.options import Options

TRAINING = 0.9  # of the time; the rest goes to grids, checks and checkpoints
ALMOST = 0.1  # of an epoch: if no more is missing, it is taken as well


def paced(
    variant: Any,
    config: Any,
    data: "Dataset",
    workdir: PathLike,
    options: "Options",
    workers: int = 1,
) -> Any:
    """Returns the configuration, with the epochs that take `options.hours` if asked for.

    A run that is in the workdir and was asked for by as many hours keeps its length.

    Args:
        variant: a `kgan.training.run.Variant`.
        config: the configuration, not yet resolved.
        data: that the run learns from.
        workdir: the run's folder.
        options: the run's `Options`, whose log is told what was found.
        workers: how many processes train together.

    Raises:
        UserError: the run has a length already, or two stages, or its game cannot be
            built twice.
    """
    if not options.hours:
        return config
    _check(variant, config, data, workers)
    epochs = _kept(workdir, options)
    if not epochs:
        seconds, steps = timing.step_time(variant, config, data, options)
        given = options.hours * 3600 * TRAINING
        epochs = max(1, int(given / (seconds * steps) + ALMOST))
        hours = epochs * steps * seconds / 3600 / TRAINING
        long = ": one takes longer than was asked for" * (hours > options.hours)
        options.log(
            f"hours={options.hours:g}: a step takes {seconds:.3g} s here, so {epochs} "
            f"epoch{'s' * (epochs > 1)} of {steps} steps, about {hours:.2g} hours{long}"
        )
    return dataclasses.replace(config, epochs=epochs)


def _check(variant, config, data, workers):
    if config.epochs or config.updates != type(config).updates:
        problem = "`epochs` or `updates` say already how long the run is"
        raise UserError("hours", problem, "leave it out")
    timing.check("hours", "leave it out", variant, config, data, workers)


def _kept(workdir, options):
    """The epochs of the run in the workdir, if it was asked for by as many hours; or 0."""
    if options.fresh or not (Path(workdir) / NAME).exists():
        return 0
    record = Record.read(workdir)
    return record.config["epochs"] if record.hours == options.hours else 0
