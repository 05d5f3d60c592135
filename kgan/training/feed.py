"""The batches of a run, as the replicas of one process take them."""

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan import data
from kgan.data.dataset import Dataset
from kgan.errors import UserError
from kgan.replicas import own_places
from kgan.training import inputs
from kgan.training.loop import Position

if TYPE_CHECKING:
    from kgan.game import Game


def steps_per_epoch(dataset: Dataset, config: Any) -> int:
    """Returns the iterations of an epoch: of a whole pass, unless the configuration says.

    Raises:
        UserError: the data are less than one iteration takes.
    """
    whole = steps_per_pass(dataset, config)
    return config.steps_per_epoch or whole


def steps_per_pass(dataset: Dataset, config: Any) -> int:
    """Returns how many iterations a pass over the data has.

    Raises:
        UserError: the data are less than one iteration takes.
    """
    count, taken = len(dataset), config.examples_per_step
    rounds = taken // config.batch_size
    if rounds > 1 and count < taken:
        most = count // rounds
        fewer = f"use at most {most}, or " if most else "use "
        raise UserError(
            f"batch_size={config.batch_size}",
            f"takes {taken} examples, {rounds} batches, in a step, and {dataset.name} "
            f"has {count}",
            f"{fewer}more examples",
        )
    return data.steps_per_pass(dataset, taken)


def batches(
    game: "Game", dataset: Dataset, config: Any, start: Position, first: int = 0
) -> tf.data.Dataset:
    """Returns the batches of a run from a position on, as `loop.train` takes them.

    Rows that the replicas of other processes take are not read.

    Args:
        game: a compiled game.
        dataset: the data of the run.
        config: its configuration.
        start: where it begins.
        first: the number of this process' first replica.
    """
    size, rows = config.examples_per_step, None
    steps = steps_per_pass(dataset, config)
    if game.replicas > 1:
        rows = own_places(size, game.rounds, game.distribute_strategy, first)
    return data.batches(
        dataset,
        size,
        seed=config.seed,
        start=divmod(
            start.epoch * steps_per_epoch(dataset, config) + start.step, steps
        ),
        change=inputs.change(config, dataset),
        rows=rows,
    )
