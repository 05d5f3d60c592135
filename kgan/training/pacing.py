"""The length of a run that is asked for in hours: from the time of some steps."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgan.errors import UserError
from kgan.training import feed, timing
from kgan.training.record import NAME, Record
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.training.options import Options

TRAINING = 0.9  # of the time; the rest goes to grids, checks and checkpoints
ALMOST = 0.1  # of an epoch: if no more is missing, it is taken as well
MEASURED = 0.005  # of the time, at most, that goes to a measurement of steps
FEW = 10  # passes over the data, below which an epoch is a part of a pass
ROUND = 10  # steps that one call of the graph may take; longer epochs are whole calls


def paced(
    variant: Any,
    config: Any,
    data: "Dataset",
    workdir: PathLike,
    options: "Options",
    workers: int = 1,
) -> Any:
    """Returns the configuration, with the epochs that take `options.hours` if asked for.

    Where the time is enough for less than ten passes over the data, an epoch becomes a
    tenth of it, so that the first samples do not come at the end. A run that is in the
    workdir and was asked for by as many hours keeps its length, and by others its
    `steps_per_epoch`.

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
    kept = _kept(workdir, options)
    if kept:
        steps = config.steps_per_epoch or kept.config.get("steps_per_epoch", 0)
        same = {"steps_per_epoch": steps}
        if kept.hours == options.hours:
            return dataclasses.replace(config, epochs=kept.config["epochs"], **same)
        config = dataclasses.replace(config, **same)
    asked = options.hours * 3600
    given, enough = asked * TRAINING, min(timing.ENOUGH, asked * MEASURED)
    seconds = timing.step_time(variant, config, data, options, enough)
    parted = config if kept else _parted(config, data, given, seconds, options)
    if parted != config:  # epochs of another length may take other steps together
        config = parted
        seconds = timing.step_time(variant, config, data, options, enough)
    steps = feed.steps_per_epoch(data, config)
    epochs = max(1, int(given / seconds / steps + ALMOST))
    hours = epochs * steps * seconds / 3600 / TRAINING
    long = ": one takes longer than was asked for" * (hours > options.hours)
    passes = epochs * steps / feed.steps_per_pass(data, config)
    parts = f", {passes:,.3g} passes over the data" * bool(config.steps_per_epoch)
    options.log(
        f"hours={options.hours:g}: a step takes {seconds:.3g} s here, so {epochs} "
        f"epoch{'s' * (epochs > 1)} of {steps:,} step{'s' * (steps > 1)}{parts}, about "
        f"{hours:.2g} hours{long}"
    )
    return dataclasses.replace(config, epochs=epochs)


def _parted(config, data, given, seconds, options):
    """The configuration with shorter epochs, if the time is not that of many passes."""
    whole, enough = feed.steps_per_pass(data, config), int(given / seconds)
    if config.steps_per_epoch or enough >= FEW * whole:
        return config
    steps, together = max(1, enough // FEW), options.steps_per_execution
    if together:
        steps = max(together, steps - steps % together)
    elif steps > ROUND:
        steps -= steps % ROUND
    return dataclasses.replace(config, steps_per_epoch=steps)


def _check(variant, config, data, workers):
    if config.epochs or config.updates != type(config).updates:
        problem = "`epochs` or `updates` say already how long the run is"
        raise UserError("hours", problem, "leave it out")
    timing.check("hours", "leave it out", variant, config, data, workers)


def _kept(workdir, options):
    """The record of the run in the workdir, if it is to go on and was timed too."""
    if options.fresh or not (Path(workdir) / NAME).exists():
        return None
    record = Record.read(workdir)
    return record if record.hours else None
